//! Forms of `multipart/form-data` (RFC 7578), as far as a browser or a client sends them.

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<'f> {
    pub name: String,
    /// The file's name, where it is one.
    pub file: Option<String>,
    pub content: &'f [u8],
}

/// The fields of a form, in order; none where it is none.
pub(crate) fn fields<'f>(content_type: &str, body: &'f [u8]) -> Option<Vec<Field<'f>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // The first delimiter has no line before it.
    let first = delimiter.get(2..)?;
    let mut rest = body.get(find(body, first)? + first.len()..)?;
    let mut fields = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, &delimiter)?;
        fields.push(field(part.get(..end)?)?);
        rest = part.get(end + delimiter.len()..)?;
    }
    rest.starts_with(b"--").then_some(fields)
}

fn field(part: &[u8]) -> Option<Field<'_>> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(part.get(..end)?).ok()?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    Some(Field {
        name: parameter(disposition, "name")?,
        file: parameter(disposition, "filename"),
        content: part.get(end + 4..)?,
    })
}

/// The value of a parameter: a word, or a text in quotes.
fn parameter(parameters: &str, name: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (known, value) = parameter.split_once('=')?;
        known.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len().max(1)).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk1\r\n--x\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
        %PDF-\r\n--y\r\n--x--\r\n";

    #[test]
    fn fields_are_read_in_order() {
        let fields = fields("multipart/form-data; boundary=x", FORM).unwrap();
        assert_eq!(fields.len(), 2);
        assert_eq!(
            (&*fields[0].name, fields[0].file.as_deref(), fields[0].content),
            ("key", None, &b"k1"[..])
        );
        assert_eq!((&*fields[1].name, fields[1].file.as_deref()), ("file", Some("a.pdf")));
        assert_eq!(fields[1].content, b"%PDF-\r\n--y");
    }

    #[test]
    fn what_is_no_form_is_none() {
        assert_eq!(fields("text/plain", FORM), None);
        assert_eq!(fields("multipart/form-data; boundary=z", FORM), None);
        for end in 0..FORM.len() - 4 {
            assert_eq!(fields("multipart/form-data; boundary=x", &FORM[..end]), None, "{end}");
        }
    }
}
