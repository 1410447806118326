//! What a channel says must fit together: every name in it is known. All mistakes are found, each with its place.

use std::collections::BTreeSet;
use std::ops::Range;

use dragoman_mapping::language::LoadError;
use dragoman_model::nearest;
use regex::Regex;

use crate::auth::Auth;
use crate::body::Json;
use crate::channel::{Channel, Parts};
use crate::join::Join;
use crate::operation::Operation;
use crate::predicate::last_line;
use crate::signer::Signer;
use crate::span::Name;
use crate::stream::Paging;
use crate::template::Template;
use crate::values::{ACCOUNT, KNOWN};
use crate::webhook::On;

impl Parts {
    /// The channel, where there is one. `messages` are those of the adapter.
    pub fn check(self, file: &str, messages: &[&str]) -> Result<Option<Channel>, Vec<LoadError>> {
        let mut check = Check { file, values: self.values(), messages, parts: &self, errors: Vec::new() };
        check.all();
        let errors = check.errors;
        if !errors.is_empty() {
            return Err(errors);
        }
        let Self { channel, operation, notifications, stream, webhook, queue, inquiry, objects } = self;
        Ok(channel.map(|settings| Channel {
            settings,
            operations: operation,
            notifications,
            streams: stream,
            webhooks: webhook,
            queues: queue,
            inquiries: inquiry,
            objects,
        }))
    }

    /// Every value that a template may name.
    fn values(&self) -> BTreeSet<String> {
        let known = KNOWN.iter().chain(ACCOUNT).map(|known| known.name.to_owned());
        let settings = self.channel.iter().flat_map(|channel| &channel.account);
        let settings = settings.map(|setting| format!("account.{}", setting.name));
        let given = self.operation.iter().flat_map(|operation| {
            let then = operation.then.iter().flat_map(|then| then.gives.keys());
            operation.gives.keys().chain(then).cloned()
        });
        let on = self.webhook.iter().flat_map(|webhook| &webhook.on);
        let on = on.chain(self.queue.iter().flat_map(|queue| &queue.on));
        let told = on.flat_map(|on| on.gives.keys().cloned());
        known.chain(settings).chain(given).chain(told).collect()
    }
}

/// What is wrong with a file that is no TOML, or not of the right shape.
pub fn misshapen(file: &str, error: &toml::de::Error) -> LoadError {
    let at = error.span().unwrap_or_default();
    // A name that is not known comes with all that are: the one that is meant is worth more.
    let (what, known) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let mut quoted = what.split('`').skip(1).step_by(2);
    let names: Vec<_> = known.split('`').skip(1).step_by(2).collect();
    match quoted.next().filter(|_| !names.is_empty()) {
        Some(name) => {
            let hint = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", names.join(", ")),
            };
            LoadError::new(file, &at, what).hint(hint)
        }
        None => LoadError::new(file, &at, error.message()),
    }
}

struct Check<'c> {
    file: &'c str,
    values: BTreeSet<String>,
    messages: &'c [&'c str],
    parts: &'c Parts,
    errors: Vec<LoadError>,
}

impl<'c> Check<'c> {
    fn all(&mut self) {
        let parts = self.parts;
        let Some(channel) = &parts.channel else {
            let is_told = !parts.webhook.is_empty() || !parts.queue.is_empty() || !parts.inquiry.is_empty();
            let is_told = is_told || parts.notifications.is_some() || parts.objects.is_some();
            if is_told || !parts.operation.is_empty() || !parts.stream.is_empty() {
                self.fail(0..0, "there is no `[channel]`, but something to do over one".into(), None);
            }
            return;
        };
        self.templates(channel.base_url.values().chain(channel.headers.values()));
        self.templates(channel.limits.iter().filter_map(|limit| limit.of.as_ref()));
        self.templates(channel.auth.templates());
        self.of_auth(&channel.auth);
        channel
            .auth
            .oauth2()
            .into_iter()
            .flat_map(|oauth2| &oauth2.operation)
            .for_each(|name| self.operation(name));
        channel.signer.iter().for_each(|signer| self.of_signer(signer));
        for name in channel.limits.iter().flat_map(|limit| &limit.operations) {
            self.operation(name);
        }
        for setting in &channel.account {
            let wrong =
                setting.matches.as_ref().and_then(|text| Some((text, Regex::new(text.get_ref()).err()?)));
            if let Some((text, error)) = wrong {
                let last = last_line(&error);
                self.fail(text.span(), last, None);
            }
        }
        self.twice("operation", parts.operation.iter().map(|one| &one.name));
        self.twice("stream", parts.stream.iter().map(|one| &one.name));
        self.twice("webhook", parts.webhook.iter().map(|one| &one.name));
        self.twice("queue", parts.queue.iter().map(|one| &one.name));
        self.twice("inquiry", parts.inquiry.iter().map(|one| &one.name));
        parts.operation.iter().for_each(|operation| self.of_operation(operation));
        self.of_notifications();
        self.of_streams();
        self.of_webhooks();
        self.of_inquiries();
        if let Some(objects) = &parts.objects {
            self.message(&objects.message);
            objects.fetch.iter().for_each(|name| self.operation(name));
            self.templates(objects.templates().into_iter());
        }
    }

    /// Of several ways none asks for tokens, and none is several.
    fn of_auth(&mut self, auth: &'c Auth) {
        let Auth::Either(all) = auth else { return };
        let is_wrong = |one: &Auth| one.oauth2().is_some() || matches!(one, Auth::Either(_));
        if all.is_empty() || all.iter().any(is_wrong) {
            let at = auth.templates().next().map(Template::at).unwrap_or_default();
            let message = "`either` names ways without tokens that are asked for, at least one";
            self.fail(at, message.into(), None);
        }
    }

    fn of_signer(&mut self, signer: &'c Signer) {
        for template in signer.templates() {
            let names = template.names().filter(|name| !Signer::gives(name));
            names.for_each(|name| self.value(name, template.at()));
        }
        let at = signer.templates().next().map(Template::at).unwrap_or_default();
        if signer.algorithm.is_keyed() != signer.key.is_some() {
            let message = "an HMAC has a `key`, and what is no HMAC has its secret among the `parts`";
            self.fail(at.clone(), message.into(), None);
        }
        if signer.parts.is_empty() {
            self.fail(at, "nothing is signed".into(), None);
        }
    }

    fn of_operation(&mut self, operation: &'c Operation) {
        let at = operation.name.at();
        if let Err(message) = operation.body() {
            self.fail(at.clone(), message.into(), None);
        }
        if operation.path.is_some() == operation.url.is_some() {
            self.fail(at.clone(), "an operation has either a `path` or a `url`".into(), None);
        }
        if operation.variables.is_some() && operation.graphql.is_none() {
            self.fail(at.clone(), "`variables` are those of a `graphql` query".into(), None);
        }
        let texts =
            operation.path.iter().chain(&operation.url).chain(&operation.accept).chain(&operation.xml);
        let texts = texts.chain(&operation.whole_query).chain(&operation.around);
        if operation.around.is_some() && operation.message.is_none() {
            self.fail(at.clone(), "what stands `around` stands around a `message`".into(), None);
        }
        let form = operation.form.iter().flat_map(|form| form.values());
        let stated = operation.states.values();
        let texts = texts.chain(stated).chain(operation.headers.values());
        self.templates(texts.chain(form));
        self.jsons(operation.query.values().chain(&operation.json).chain(&operation.variables));
        operation.requires.iter().for_each(|name| self.value(name, name.at()));
        operation.message.iter().for_each(|name| self.message(name));
        if let Some(first) = &operation.first {
            self.operation(&first.operation);
            self.templates(first.already.iter().map(|already| &already.is));
            self.templates(first.share.iter().filter_map(|share| share.is.as_ref()));
        }
        operation.join.iter().for_each(|join| self.of_join(join));
        operation.then.iter().for_each(|then| self.operation(&then.operation));
        operation.larger.iter().for_each(|larger| self.operation(&larger.operation));
        self.of_exchange(operation);
    }

    /// What is joined is there, and joins nothing itself: else there would be no end.
    fn of_join(&mut self, join: &'c Join) {
        self.operation(&join.operation);
        let known = self.parts.operation.iter().find(|one| *one.name == *join.operation);
        if known.is_some_and(|known| !known.join.is_empty()) {
            let message =
                format!("`{}` is put into another answer, and cannot join one itself", &*join.operation);
            self.fail(join.operation.at(), message, None);
        }
    }

    /// What begins an exchange, or is sent in one, is a message; and what is followed begins one.
    fn of_exchange(&mut self, operation: &'c Operation) {
        if (operation.begins || operation.follows.is_some()) && operation.message.is_none() {
            let message = "what `begins` an exchange or `follows` in one has a `message`";
            self.fail(operation.name.at(), message.into(), None);
        }
        let Some(followed) = &operation.follows else { return };
        self.operation(followed);
        let known = self.parts.operation.iter().find(|one| *one.name == **followed);
        if known.is_some_and(|known| !known.is_beginning()) {
            let message = format!("no exchange begins with `{}`", &**followed);
            self.fail(followed.at(), message, Some("say there: begins = true".into()));
        }
    }

    fn of_notifications(&mut self) {
        let Some(notifications) = &self.parts.notifications else { return };
        notifications.message.iter().for_each(|name| self.message(name));
        if let Some(push) = &notifications.push {
            self.templates(push.verify.templates());
            push.verify.operations().into_iter().for_each(|name| self.operation(name));
        }
        for pull in &notifications.pull {
            let further = [&pull.done, &pull.fetched, &pull.again].into_iter().flatten();
            let further = further.chain(pull.within.iter().map(|within| &within.list));
            let sent = pull.within.iter().filter_map(|within| within.sent.as_ref());
            let further = further.chain(sent.map(|sent| &sent.get));
            [&pull.list, &pull.get].into_iter().chain(further).for_each(|name| self.operation(name));
        }
    }

    fn of_streams(&mut self) {
        for stream in &self.parts.stream {
            self.message(&stream.message);
            self.operation(&stream.list);
            let is_one = |page: &Paging| page.next.is_some() != page.count.is_some();
            if !stream.page.as_ref().is_none_or(is_one) {
                let message = "a page has either a `next` place or a `count`";
                self.fail(stream.name.at(), message.into(), None);
            }
            stream.sweep.iter().for_each(|sweep| self.operation(&sweep.list));
            stream.detail.iter().for_each(|detail| self.operation(&detail.operation));
            let too_short = stream.longest.is_some_and(|longest| longest.0 <= stream.overlap.0);
            if too_short {
                let message = "a window no longer than the overlap never gets on";
                self.fail(stream.name.at(), message.into(), None);
            }
        }
    }

    fn of_webhooks(&mut self) {
        for webhook in &self.parts.webhook {
            self.templates(webhook.verify.templates());
            self.templates(webhook.challenge.iter().map(|challenge| &challenge.token));
            webhook.verify.operations().into_iter().for_each(|name| self.operation(name));
            self.of_events(&webhook.on);
        }
        for queue in &self.parts.queue {
            self.templates(queue.templates());
            self.of_events(&queue.on);
        }
    }

    fn of_events(&mut self, all: &'c [On]) {
        let streams: Vec<_> = self.parts.stream.iter().map(|stream| &*stream.name).collect();
        for on in all {
            on.fetch.iter().for_each(|name| self.operation(name));
            on.sync.iter().for_each(|name| self.known("stream", name, name.at(), &streams));
        }
    }

    fn of_inquiries(&mut self) {
        for inquiry in &self.parts.inquiry {
            self.message(&inquiry.message);
            self.operation(&inquiry.operation);
            self.templates(inquiry.states.values().chain([&inquiry.key]));
            self.jsons(inquiry.jsons());
        }
    }

    fn jsons(&mut self, jsons: impl Iterator<Item = &'c Json>) {
        let (mut templates, mut lists) = (Vec::new(), Vec::new());
        for json in jsons {
            json.visit(&mut |template| templates.push(template), &mut |list| lists.push(list));
        }
        self.templates(templates.into_iter());
        for list in lists {
            self.value(list.get_ref(), list.span());
        }
    }

    fn templates(&mut self, templates: impl Iterator<Item = &'c Template>) {
        for template in templates {
            template.names().for_each(|name| self.value(name, template.at()));
        }
    }

    fn value(&mut self, name: &str, at: Range<usize>) {
        if self.values.contains(name) {
            return;
        }
        let near = nearest(name, self.values.iter().map(String::as_str)).map(str::to_owned);
        let hint = match (near, name.strip_prefix("account.")) {
            (Some(near), None) => Some(format!("did you mean `{near}`?")),
            (Some(near), Some(_)) => {
                Some(format!("did you mean `{near}`? a new one is a [[channel.setting]]"))
            }
            (None, Some(name)) => Some(format!("say what it is: [[channel.setting]] name = \"{name}\"")),
            (None, None) => None,
        };
        self.fail(at, format!("there is no value `{name}`"), hint);
    }

    fn operation(&mut self, name: &Name) {
        let operations: Vec<_> = self.parts.operation.iter().map(|operation| &*operation.name).collect();
        self.known("operation", name, name.at(), &operations);
    }

    fn message(&mut self, name: &Name) {
        self.known("message", name, name.at(), self.messages);
    }

    fn known(&mut self, what: &str, name: &str, at: Range<usize>, all: &[&str]) {
        if all.contains(&name) {
            return;
        }
        let near = nearest(name, all.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        self.fail(at, format!("there is no {what} `{name}`"), near);
    }

    fn twice(&mut self, what: &str, names: impl Iterator<Item = &'c Name>) {
        let mut seen = BTreeSet::new();
        for name in names.filter(|name| !seen.insert(name.to_string())) {
            self.fail(name.at(), format!("there is {what} `{}` already", &**name), None);
        }
    }

    fn fail(&mut self, at: Range<usize>, message: String, hint: Option<String>) {
        let error = LoadError::new(self.file, &at, message);
        self.errors.push(match hint {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
}
