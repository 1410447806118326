//! Four eyes, as data: which submissions somebody else has to approve before they are sent.

use dragoman_exchange::Purpose;
use dragoman_model::{At, Decimal, Document, decimal};
use serde::{Deserialize, Serialize};

/// `[[approval]]`: submissions that somebody else approves. All that it states has to hold; nothing stated holds for
/// every submission about a declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// Whose; every tenant's, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Of that account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// `declaration`, `amendment`, `cancellation`, `arrival`, `upload`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purpose: Vec<Purpose>,
    /// Goods of more than that, as `1000 GBP`. Amounts of other currencies count as more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_over: Option<String>,
    /// For that client: a number of the declarant, importer or exporter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub client: Vec<String>,
    /// With a requested procedure that begins so, as `42`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub procedure: Vec<String>,
}

/// What is about to be submitted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Submitting<'s> {
    /// Whose.
    pub tenant: &'s str,
    /// The account.
    pub account: &'s str,
    /// What for.
    pub purpose: Purpose,
    /// What the goods are worth, as `amount currency`; none where nobody can say.
    pub value: Option<&'s str>,
    /// The declaration that it is about, where it is at hand.
    pub document: Option<&'s Document<'s>>,
}

/// Why somebody else has to approve it: the first rule that holds; none where nobody has to.
pub(crate) fn held(rules: &[Approval], submitting: &Submitting<'_>) -> Option<String> {
    rules.iter().find(|rule| rule.holds(submitting)).map(Approval::reason)
}

impl Approval {
    fn holds(&self, about: &Submitting<'_>) -> bool {
        let is = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        is(&self.tenant, about.tenant)
            && is(&self.account, about.account)
            && (self.purpose.is_empty() || self.purpose.contains(&about.purpose))
            && !matches!(about.purpose, Purpose::Fulfilment | Purpose::Webhook | Purpose::Disclosure)
            && self.value_over.as_deref().is_none_or(|limit| is_over(about.value, limit))
            && (self.client.is_empty() || about.document.is_none_or(|document| self.is_for(document)))
            && (self.procedure.is_empty()
                || about.document.is_none_or(|document| self.is_procedure(document)))
    }

    fn is_for(&self, document: &Document<'_>) -> bool {
        let root = At::root(document);
        let parties = ["declarant", "importer", "exporter"].into_iter().filter_map(|role| root.get(role));
        let mut numbers = parties.flat_map(|party| party.ids().map(|id| id.value).collect::<Vec<_>>());
        numbers.any(|number| self.client.iter().any(|client| client == number))
    }

    fn is_procedure(&self, document: &Document<'_>) -> bool {
        let items = At::root(document).entries("goods_items");
        let mut requested = items.filter_map(|item| item.text("procedure.requested"));
        requested.any(|code| self.procedure.iter().any(|wanted| code.starts_with(wanted.as_str())))
    }

    fn reason(&self) -> String {
        let mut reasons = Vec::new();
        reasons.extend(self.value_over.as_ref().map(|limit| format!("worth more than {limit}")));
        reasons.extend((!self.client.is_empty()).then(|| format!("for {}", self.client.join(" or "))));
        reasons.extend(
            (!self.procedure.is_empty()).then(|| format!("procedure {}", self.procedure.join(" or "))),
        );
        let what: Vec<_> = self.purpose.iter().map(|purpose| purpose.word()).collect();
        reasons.extend((!what.is_empty()).then(|| what.join(" or ")));
        if reasons.is_empty() { "every submission".to_owned() } else { reasons.join(", ") }
    }
}

/// True where a value is more than a limit, or cannot be compared with it.
fn is_over(value: Option<&str>, limit: &str) -> bool {
    let read = |text: &str| -> Option<(Decimal, String)> {
        let (amount, currency) = text.split_once(' ')?;
        Some((decimal(amount).ok()?, currency.to_owned()))
    };
    match (value.and_then(read), read(limit)) {
        (Some((amount, currency)), Some((limit, of))) if currency == of => amount > limit,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(purpose: Purpose, value: Option<&'static str>) -> Submitting<'static> {
        Submitting { tenant: "main", account: "acme", purpose, value, document: None }
    }

    #[test]
    fn all_that_a_rule_states_has_to_hold() {
        let rule = Approval {
            value_over: Some("1000 GBP".into()),
            account: Some("acme".into()),
            ..Approval::default()
        };
        let rules = [rule];
        let declared = |value| held(&rules, &about(Purpose::Declaration, value));
        assert_eq!(declared(Some("1000.00 GBP")), None);
        assert_eq!(declared(Some("1000.01 GBP")).as_deref(), Some("worth more than 1000 GBP"));
        assert!(
            declared(Some("1 USD")).is_some() && declared(None).is_some(),
            "what cannot be compared is over"
        );
        let other = Submitting { account: "other", ..about(Purpose::Declaration, None) };
        assert_eq!(held(&rules, &other), None);
        assert_eq!(held(&rules, &about(Purpose::Webhook, None)), None);
    }

    #[test]
    fn a_rule_may_be_of_a_purpose_alone() {
        let rule: Approval = toml::from_str("purpose = [\"amendment\", \"cancellation\"]").unwrap();
        assert_eq!(held(std::slice::from_ref(&rule), &about(Purpose::Declaration, None)), None);
        let reason = held(&[rule], &about(Purpose::Cancellation, None));
        assert_eq!(reason.as_deref(), Some("amendment or cancellation"));
    }
}
