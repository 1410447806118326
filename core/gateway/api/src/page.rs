//! Long lists, page by page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub data: Vec<T>,
    /// What `after` is for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

/// Which page is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Where the page begins: `next` of the page before.
    pub after: Option<String>,
    /// How many entries at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    pub limit: Option<u16>,
}

impl Paging {
    /// How many entries.
    pub fn limit(&self) -> Result<usize, Problem> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=500 => Ok(usize::from(limit)),
            _ => Err(Problem::malformed("`limit` is from 1 to 500")),
        }
    }

    /// The place after which the page begins.
    pub fn after<T: DeserializeOwned>(&self) -> Result<Option<T>, Problem> {
        let Some(text) = &self.after else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        place.map(Some).ok_or_else(|| Problem::not_found("`after` is not the `next` of a page"))
    }
}

/// The text for a place in a list: opaque, so that nobody builds one.
pub fn cursor(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_inventions_do_not() {
        let paging = |after: &str| Paging { after: Some(after.to_owned()), limit: None };
        let place = (7_u64, "a".to_owned());
        assert_eq!(paging(&cursor(&place)).after::<(u64, String)>().unwrap(), Some(place));
        for invented in ["", "x", "!", "AAAA"] {
            assert!(paging(invented).after::<(u64, String)>().is_err(), "{invented}");
        }
        assert_eq!(Paging::default().after::<u64>().unwrap(), None);
    }

    #[test]
    fn pages_have_bounds() {
        let limit = |limit| Paging { after: None, limit }.limit().ok();
        assert_eq!(
            (limit(None), limit(Some(0)), limit(Some(500)), limit(Some(501))),
            (Some(50), None, Some(500), None)
        );
    }
}
