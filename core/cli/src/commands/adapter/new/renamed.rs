//! The data of an adapter under another name.

use dragoman_adapters::Data;

/// The files of an adapter's folder, by their paths in it: what is said of its counterpart, its overlays, its simulator, and
/// the mappings, grammars and tables that are its own. Those that it shares with others are named as they were.
pub fn files(data: &Data, like: &str, name: &str) -> Vec<(String, String)> {
    let folders = [
        (format!("adapters/{like}/"), ""),
        (format!("mappings/{like}/"), "mappings/"),
        (format!("mappings/codes/{like}/"), "mappings/codes/"),
    ];
    let mut files = Vec::new();
    for path in data.paths() {
        let place = folders.iter().find_map(|(folder, below)| Some((path.strip_prefix(&**folder)?, below)));
        let Some((rest, below)) = place.filter(|(rest, _)| !rest.starts_with("demo/")) else { continue };
        let text = renamed(data.get(path).unwrap_or_default(), like, name);
        let text = if rest == "adapter.toml" { begun(&elsewhere(&text, name), like) } else { text };
        files.push((format!("{below}{rest}"), text));
    }
    files
}

/// The text with one name in the place of another: where it begins the name of a mapping, grammar or table, names a
/// family of extensions, or is all of a text. Elsewhere it may be the word for something else, such as a syntax.
fn renamed(text: &str, like: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(like) {
        let joins = before.ends_with(|last: char| last.is_alphanumeric() || "_-/".contains(last));
        let is_text = before.ends_with('"') && after.starts_with('"');
        let is_family = before.ends_with("extensions.") && after.starts_with('.');
        out.push_str(before);
        out.push_str(if is_text || is_family || (after.starts_with('/') && !joins) { name } else { like });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text with hosts that are nobody's: what is begun like another must not ask there.
fn elsewhere(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\"https://") {
        let end = after.find(['/', '"']).unwrap_or(after.len());
        let (host, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        out.push_str(before);
        out.push_str("\"https://");
        if host.starts_with('$') {
            out.push_str(host);
        } else {
            out.push_str(name);
            out.push_str(".example");
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn begun(text: &str, like: &str) -> String {
    format!("# Begun like {like}: all of it is said of that counterpart, until it is changed.\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_names_what_is_the_adapters_own() {
        let text = "mapping 1 shop/order\nextensions.shop.a <=> shopper; table(shop/state) \"shop\" my_shop";
        let wanted =
            "mapping 1 acme/order\nextensions.acme.a <=> shopper; table(acme/state) \"acme\" my_shop";
        assert_eq!(renamed(text, "shop", "acme"), wanted);
    }

    #[test]
    fn nobody_is_asked_by_what_was_only_begun() {
        let text = "production = \"https://api.shop.com/rest\", sandbox = \"https://${account.host}/rest\"";
        let wanted = "production = \"https://acme.example/rest\", sandbox = \"https://${account.host}/rest\"";
        assert_eq!(elsewhere(text, "acme"), wanted);
        assert_eq!(elsewhere("url = \"https://a.b\"", "acme"), "url = \"https://acme.example\"");
    }
}
