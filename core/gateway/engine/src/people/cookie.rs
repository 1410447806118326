//! The cookies that carry a session, and the way to an `OpenID` provider and back.

use super::oidc::LEAVING;
use super::secret::Secret;

/// The kind of secret that a session is.
pub const SESSION: &str = "dgs";

/// Who went to a provider is back within so many seconds.
const AWAY: i64 = 600;

/// The name of the cookie of a session. Over TLS, browsers take `__Host-` only with `Secure`, for this host alone (RFC
/// 6265bis).
pub const fn name(secure: bool) -> &'static str {
    if secure { "__Host-dragoman" } else { "dragoman" }
}

/// The name of the cookie of somebody who went to a provider.
const fn leaving_name(secure: bool) -> &'static str {
    if secure { "__Host-dragoman-oidc" } else { "dragoman-oidc" }
}

/// The value of `Set-Cookie` that begins a session.
pub fn begin(session: &Secret, secure: bool, seconds: i64) -> String {
    set(name(secure), session.text(), seconds, "Strict", secure)
}

/// The value of `Set-Cookie` that ends one.
pub fn end(secure: bool) -> String {
    set(name(secure), "", 0, "Strict", secure)
}

/// The value of `Set-Cookie` for somebody who goes to a provider; the provider's redirect brings it back.
pub fn leave(secret: &Secret, secure: bool) -> String {
    set(leaving_name(secure), secret.text(), AWAY, "Lax", secure)
}

/// The value of `Set-Cookie` for somebody who is back.
pub fn back(secure: bool) -> String {
    set(leaving_name(secure), "", 0, "Lax", secure)
}

fn set(name: &str, value: &str, seconds: i64, site: &str, secure: bool) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={site}{flag}")
}

/// The token that forms and scripts of our pages send with what changes something: it follows from the session, so
/// that nobody else's page knows it, and is no use in another session.
pub fn form_token(session: &Secret) -> String {
    session.derived("form token")
}

/// The session that a `Cookie` header shows.
pub fn session(header: &str, secure: bool) -> Option<Secret> {
    only(header, name(secure), SESSION)
}

/// What somebody who is back from a provider shows.
pub fn left(header: &str, secure: bool) -> Option<Secret> {
    only(header, leaving_name(secure), LEAVING)
}

/// The secret of a cookie. Where there are two of the name, neither counts: one of them was planted.
fn only(header: &str, name: &str, kind: &str) -> Option<Secret> {
    let named = |pair: &str| {
        let (name_of, value) = pair.split_once('=')?;
        (name_of.trim() == name).then(|| value.trim().to_owned())
    };
    let mut values = header.split(';').filter_map(named);
    let value = values.next()?;
    values.next().is_none().then(|| Secret::shown(kind, &value)).flatten()
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
    fn who_leaves_comes_back_with_another_cookie() {
        let secret = Secret::new(LEAVING).unwrap();
        let set = leave(&secret, true);
        let pair = set.split(';').next().unwrap();
        assert_eq!((left(pair, true), session(pair, true)), (Some(secret), None));
        assert!(set.contains("SameSite=Lax") && back(true).contains("Max-Age=0"));
    }

    #[test]
    fn anything_else_is_no_session() {
        for header in ["", "dragoman", "dragoman=", "dragoman=dgs_x", ";;;=", "dragoman=dgk_AAAA"] {
            assert_eq!(session(header, false), None, "{header}");
        }
    }
}
