//! The cookie that carries a session.

use super::secret::Secret;

/// The kind of secret that a session is.
pub const SESSION: &str = "dgs";

/// Its name over TLS; browsers take `__Host-` only with `Secure`, for this host alone (RFC 6265bis).
const SECURE_NAME: &str = "__Host-dragoman";

/// Its name without TLS, as on loopback.
const PLAIN_NAME: &str = "dragoman";

/// The name of the cookie.
pub const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The value of `Set-Cookie` that begins a session.
pub fn begin(session: &Secret, secure: bool, seconds: i64) -> String {
    let value = session.text();
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{}", name(secure), flag(secure))
}

/// The value of `Set-Cookie` that ends one.
pub fn end(secure: bool) -> String {
    format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{}", name(secure), flag(secure))
}

const fn flag(secure: bool) -> &'static str {
    if secure { "; Secure" } else { "" }
}

/// The token that forms and scripts of our pages send with what changes something: it follows from the session, so
/// that nobody else's page knows it, and is no use in another session.
pub fn form_token(session: &Secret) -> String {
    session.derived("form token")
}

/// The session that a `Cookie` header shows. Where it shows two, neither counts: one of them was planted.
pub fn session(header: &str, secure: bool) -> Option<Secret> {
    let named = |pair: &str| {
        let (name_of, value) = pair.split_once('=')?;
        (name_of.trim() == name(secure)).then(|| value.trim().to_owned())
    };
    let mut values = header.split(';').filter_map(named);
    let value = values.next()?;
    values.next().is_none().then(|| Secret::shown(SESSION, &value)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_comes_back_from_its_cookie() {
        for secure in [false, true] {
            let secret = Secret::new(SESSION).unwrap();
            let set = begin(&secret, secure, 3600);
            let pair = set.split(';').next().unwrap();
            assert_eq!(session(pair, secure), Some(secret.clone()));
            assert_eq!(session(&format!("a=b; {pair} ; c=d"), secure), Some(secret));
            assert_eq!(session(pair, !secure), None);
            assert_eq!(session(&format!("{pair}; {pair}"), secure), None, "twice");
            assert_eq!(set.contains("; Secure"), secure);
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"));
            assert!(!set.contains("Domain"));
            assert_eq!(session(end(secure).split(';').next().unwrap(), secure), None);
        }
    }

    #[test]
    fn anything_else_is_no_session() {
        for header in ["", "dragoman", "dragoman=", "dragoman=dgs_x", ";;;=", "dragoman=dgk_AAAA"] {
            assert_eq!(session(header, false), None, "{header}");
        }
    }
}
