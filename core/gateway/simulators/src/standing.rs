//! Who is let in: keys, tokens and how they are given, and what an address has to show.

use dragoman_sim::Spoken;
use jiff::Timestamp;

use crate::request::{Answer, Request, form, value};
use crate::simulator::{Simulator, Visit};
use crate::tokens::{Grant, Point};

impl Simulator {
    /// True where a request shows a standing that is good.
    pub fn shows_standing(&self, visit: &Visit<'_>) -> bool {
        let shown = |header: &str| visit.request.header(header).filter(|value| !value.is_empty());
        let by_key = self.door().key.as_deref().is_none_or(|header| shown(header).is_some());
        let by_token = self.door().token.as_ref().is_none_or(|rules| {
            let parameters = visit.request.parameters();
            let token = match &rules.query {
                Some(name) => value(&parameters, name),
                None => shown(&rules.header).and_then(|value| value.strip_prefix(&*rules.prefix)),
            };
            token.is_some_and(|token| self.tokens().is_good(token, visit.now))
        });
        by_key && by_token
    }

    /// The refusal for a parameter of the address that is not as it has to be.
    pub fn lacks_parameter(&self, visit: &Visit<'_>) -> Option<&str> {
        let parameters = visit.request.parameters();
        let is_wrong = |needed: &&dragoman_sim::door::Header| {
            let given = value(&parameters, &needed.name);
            !given.map_or(needed.optional, |value| needed.matches.is_match(value))
        };
        let needed = self.door().parameter.iter().filter(|_| !visit.route.open);
        needed.into_iter().find(is_wrong).map(|needed| needed.refusal.get_ref().as_str())
    }

    /// Gives a token.
    pub fn token(&self, visit: &Visit<'_>) -> Answer {
        let form = asked_for(visit.request);
        let Some(grant) = self.granted(&form, visit.now) else {
            return self.refuse("bad_grant", Spoken::default());
        };
        let mut spoken = Spoken::default().text("access", grant.access);
        spoken = spoken.text("refresh", grant.refresh.unwrap_or_default());
        spoken = spoken.text("scope", value(&form, "scope").unwrap_or_default());
        spoken.values.insert("seconds".to_owned(), grant.seconds.into());
        self.say(visit.route, spoken)
    }

    /// A token for what is said of who asks for it.
    pub fn granted(&self, form: &[(String, String)], now: Timestamp) -> Option<Grant> {
        let point = Point { seed: self.seed(), pace: self.pace(), now };
        self.tokens().grant(self.door().token.as_ref()?, form, point)
    }

    /// A person says yes, at once.
    pub fn authorise(&self, visit: &Visit<'_>) -> Answer {
        let parameters = visit.request.parameters();
        let redirect = value(&parameters, "redirect_uri").and_then(|uri| url::Url::parse(uri).ok());
        let Some(mut redirect) = redirect else {
            return self.refuse("bad_grant", Spoken::default());
        };
        let code = self.tokens().code(self.seed());
        redirect.query_pairs_mut().append_pair("code", &code);
        if let Some(state) = value(&parameters, "state") {
            redirect.query_pairs_mut().append_pair("state", state);
        }
        self.say(visit.route, Spoken::default().text("redirect", redirect))
    }
}

/// What a request for a token says: as a form, as JSON, or in its address.
fn asked_for(request: &Request) -> Vec<(String, String)> {
    let mut said = request.parameters();
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&request.body) {
        Ok(members) => said.extend(members.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            value => (name, value.to_string()),
        })),
        Err(_) => said.extend(form(&request.body)),
    }
    said
}
