//! Whether content is there to its end: an interchange has its trailer (UNZ by ISO 9735, IEA in X12), an XML document the
//! end of its root, JSON closes what it opened.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::FolderError;

/// How much of the beginning and of the end is looked at. A trailer is shorter, and so is a root's name.
const LOOKED_AT: u64 = 4096;

/// Where the terminator of ISA stands, whose elements have fixed lengths.
const ISA: usize = 105;

/// Whether the content of a file is there to its end; none where its kind does not show that, or where it is gone.
pub async fn is_whole(path: &Path) -> Result<Option<bool>, FolderError> {
    let own = path.to_owned();
    let looked = tokio::task::spawn_blocking(move || look(&own)).await;
    match looked.unwrap_or_else(|failed| Err(io::Error::other(failed))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        looked => looked.map_err(|error| FolderError::file(path, "read", error)),
    }
}

fn look(path: &Path) -> io::Result<Option<bool>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let head = piece(&mut file, 0)?;
    let tail = piece(&mut file, length.saturating_sub(LOOKED_AT))?;
    let (head, tail) = (without_mark(&head).trim_ascii_start(), tail.trim_ascii_end());
    match head {
        // The terminator is the last character of UNA, without which there are two (ISO 9735, levels A and B).
        [b'U', b'N', b'A', _, _, _, _, _, end, ..] => Ok(Some(ends_in(tail, b"UNZ", &[*end]))),
        [b'U', b'N', b'B', ..] => Ok(Some(ends_in(tail, b"UNZ", b"'\x1C"))),
        [b'I', b'S', b'A', ..] => {
            let end = head.get(ISA).map(std::slice::from_ref);
            Ok(Some(end.is_some_and(|end| ends_in(tail, b"IEA", end))))
        }
        [b'<', ..] => Ok(closes(head, tail)),
        [b'{' | b'[', ..] => {
            file.seek(SeekFrom::Start(0))?;
            is_closed(BufReader::new(file)).map(Some)
        }
        _ => Ok(None),
    }
}

fn piece(file: &mut File, from: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(LOOKED_AT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// True where the last segment is one of that tag, with one of those terminators.
fn ends_in(tail: &[u8], tag: &[u8], terminators: &[u8]) -> bool {
    let Some((last, before)) = tail.split_last().filter(|(last, _)| terminators.contains(last)) else {
        return false;
    };
    let begins = before.windows(tag.len()).rposition(|window| window == tag);
    begins.and_then(|at| before.get(at..)).is_some_and(|trailer| !trailer.contains(last))
}

/// True where the last tag ends the root; none of a document whose root is not near its beginning.
fn closes(head: &[u8], tail: &[u8]) -> Option<bool> {
    let is_name = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>');
    let starts = |window: &[u8]| matches!(window, [b'<', next] if !matches!(next, b'?' | b'!' | b'/'));
    let at = head.windows(2).position(starts)? + 1;
    let root: Vec<u8> = head.get(at..)?.iter().copied().take_while(is_name).collect();
    let last = tail.iter().rposition(|byte| *byte == b'<').and_then(|at| tail.get(at + 1..));
    let Some(last) = last.and_then(|last| last.strip_suffix(b">")) else { return Some(false) };
    let is_comment = last.starts_with(b"!") || last.starts_with(b"?");
    if is_comment {
        return None;
    }
    let alone = last.ends_with(b"/") && last.starts_with(&root);
    let ended = last.strip_prefix(b"/").is_some_and(|name| name.trim_ascii_end() == root);
    Some(alone || ended)
}

/// True where JSON texts are closed; what is wrong in another way is there, and is for the reader to say.
fn is_closed(file: impl Read) -> io::Result<bool> {
    let texts = serde_json::Deserializer::from_reader(file).into_iter::<serde::de::IgnoredAny>();
    for text in texts {
        match text {
            Ok(_) => {}
            Err(error) if error.is_eof() => return Ok(false),
            Err(error) if error.is_io() => return Err(error.into()),
            Err(_) => break,
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [&str; 6] = [
        "UNA:+.? 'UNB+UNOC:3+A+B+261122:1200+R'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+R'\r\n",
        "UNA:+.? *UNB+UNOC:3+A+B+261122:1200+R*UNZ+1+R*",
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261101*0900*^*00501*000000001*0*P*:~IEA*0*000000001~\n",
        "<?xml version=\"1.0\"?>\n<!-- note --><n:a xmlns:n=\"x\"><b/></n:a >\n",
        "{\"a\": [1, {\"b\": \"}\"}]}\n{\"c\": 1}\n",
        "<a b=\"1\"/>",
    ];

    fn said(text: &str) -> Option<bool> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, text).unwrap();
        look(&path).unwrap()
    }

    #[test]
    fn whole_content_is_whole() {
        for text in WHOLE {
            assert_eq!(said(text), Some(true), "{text}");
        }
        assert_eq!(said(&WHOLE[0].replace("UNH", &format!("FTX+{}'UNH", "x".repeat(9000)))), Some(true));
        assert_eq!([said(""), said("a;b\n1;2\n"), said("<a/><!-- end -->")], [None; 3]);
        assert_eq!(said("{\"a\": nonsense}"), Some(true), "what is broken does not get better");
    }

    proptest::proptest! {
        /// Wherever content is cut off, it is not whole: it ends before its last character that is no white space.
        #[test]
        fn what_is_cut_off_is_not_whole(which in 0..WHOLE.len(), cut: proptest::sample::Index) {
            let text = WHOLE[which].trim_end();
            let at = cut.index(text.len());
            // One of the two JSON texts alone is whole.
            proptest::prop_assume!(which != 4 || !text[..at].trim_end().ends_with("]}"));
            proptest::prop_assert_ne!(said(&text[..at]), Some(true), "{}", &text[..at]);
        }
    }
}
