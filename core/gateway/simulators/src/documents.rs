//! Documents in two steps: a form for each, and the document to the form's own address.

use dragoman_channel::{Content, Encoding, Path, Values};
use dragoman_sim::Spoken;

use crate::mailbox::Notification;
use crate::multipart::{Field, fields};
use crate::request::Answer;
use crate::simulator::{Simulator, Visit, uuid};

/// The kinds of documents that are taken, by how they begin.
const BEGINNINGS: &[&[u8]] = &[b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"];

impl Simulator {
    /// Gives a form for each document that is announced.
    pub(crate) fn forms(&self, visit: &mut Visit<'_>) -> Answer {
        let Some(forms) = &visit.route.forms else { return self.refuse("unknown_path", Spoken::default()) };
        let content = Content::read(&visit.request.body);
        let all = |path: &Path| content.root().all(path);
        let text = |path: &Path| content.root().text(path).map(str::to_owned);
        let (declaration, stated) = (text(&forms.declaration), text(&forms.size));
        let announced = all(&forms.entries).len();
        let is_good = declaration.is_some()
            && stated.is_some_and(|stated| stated.trim().parse() == Ok(announced))
            && (1..=forms.most).contains(&announced);
        if !is_good {
            let mut values = Values::new();
            values.set("line", "1").set("column", "1");
            values.set("message", format!("{announced} files are announced; 1 to {} can be", forms.most));
            return self.refuse("malformed", Spoken { entries: vec![values], ..Spoken::default() });
        }
        visit.entry.mrn = declaration.unwrap_or_default();
        visit.entry.taken = true;
        let host = visit.request.header("host").unwrap_or_default();
        let entries = (0..announced).map(|number| {
            let reference = uuid(&format!("{} {} file {number}", self.settings().seed, self.log().len()));
            let href = format!("http://{host}{}", forms.to);
            Values::new().with("reference", reference).with("href", href)
        });
        self.say(visit.route, Spoken { entries: entries.collect(), ..Spoken::default() })
    }

    /// Takes a document, and tells what became of it.
    pub(crate) fn file(&self, visit: &mut Visit<'_>) -> Answer {
        let content_type = visit.request.header("content-type").unwrap_or_default();
        let fields = fields(content_type, &visit.request.body).unwrap_or_default();
        let key = fields.iter().find(|field| field.name == "key");
        let reference = key.and_then(|key| std::str::from_utf8(key.content).ok());
        let (Some(file), Some(reference)) = (fields.last().filter(|last| last.name == "file"), reference)
        else {
            return self.refuse("bad_form", Spoken::default());
        };
        if let Some(answer) = self.take_announced(visit, reference, file.content) {
            return answer;
        }
        reference.clone_into(&mut visit.entry.conversation);
        visit.entry.taken = true;
        let Some(forms) = self.door().route.iter().find_map(|route| route.forms.as_ref()) else {
            return self.refuse("unknown_path", Spoken::default());
        };
        let outcome = if is_taken(file, forms.largest) { "SUCCESS" } else { "FAILURE" };
        let name = file.file.clone().unwrap_or_default();
        let spoken =
            Spoken::default().text("reference", reference).text("name", name).text("outcome", outcome);
        let spoken = spoken.text("batch", uuid(&format!("batch {reference}")));
        if let Ok(text) = forms.tells.fill(&spoken.texts, Encoding::Xml) {
            let wait = self.pace().of(jiff::SignedDuration::from_secs(2));
            let at = visit.now.checked_add(wait).unwrap_or(visit.now);
            let headers = self.headers_of(reference);
            let (id, conversation) = (uuid(&format!("told {reference}")), reference.to_owned());
            let (name, bytes) = (String::new(), text.into_bytes());
            self.deliver(Notification {
                at,
                id,
                conversation,
                name,
                headers,
                bytes,
                word: None,
                is_failure: false,
            });
        }
        self.say(visit.route, spoken)
    }
}

/// True for a document of a kind that is taken: by what it holds, whatever it is called.
fn is_taken(file: &Field<'_>, largest: usize) -> bool {
    let is_text = std::str::from_utf8(file.content).is_ok_and(|text| !text.contains('\0'));
    let is_known = is_text || BEGINNINGS.iter().any(|beginning| file.content.starts_with(beginning));
    is_known && !file.content.is_empty() && file.content.len() <= largest
}
