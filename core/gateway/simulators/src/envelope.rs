//! What messages come and go in, where they do not come bare.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dragoman_channel::{Content, Encoding, Path, Values, enveloped};
use dragoman_sim::envelope::Envelope;
use jiff::Timestamp;

use crate::office::Written;

/// The message in what came; `None` where it should be in an envelope, and is not.
pub(crate) fn opened<'b>(envelope: Option<&Envelope>, body: &'b [u8]) -> Option<Cow<'b, [u8]>> {
    match envelope {
        Some(envelope) => enveloped(body, &envelope.inside).map(Cow::Owned),
        None => Some(Cow::Borrowed(body)),
    }
}

/// What the envelope of a message gives for those of its answers.
pub(crate) fn given(envelope: &Envelope, body: &[u8]) -> Values {
    let content = Content::read(body);
    let text = |(name, path): (&String, &Path)| Some((name.clone(), content.root().text(path)?.to_owned()));
    let all = envelope.gives.iter().filter_map(text);
    all.fold(Values::new(), |values, (name, text)| values.with(name, text))
}

/// An answer in its envelope.
pub(crate) fn around(envelope: &Envelope, given: &Values, id: &str, written: Written) -> Written {
    let message = STANDARD.encode(&written.bytes);
    let values = given.clone().with("message.base64", message).with("id", id);
    let values = values.with("name", &*written.name).with("at", second(written.at));
    match envelope.answer.fill(&values, Encoding::Xml) {
        Ok(text) => Written { bytes: text.into_bytes(), ..written },
        Err(_) => written,
    }
}

/// A moment to the second, in universal time.
fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
