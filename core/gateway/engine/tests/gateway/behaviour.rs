//! What every adapter that declares to customs is asked, against its own simulator: accepted, rejected with a pointer,
//! late, reordered, twice, silent, an outage, limits, a message whose outcome nobody knows, and the requests that its
//! channel has, granted and denied.

use std::collections::BTreeMap;
use std::time::Duration;

use dragoman_adapters::{Adapter, Catalogue, Data};
use dragoman_engine::{Correction, DeclarationIn, Goal, OrderIn, Request, View};
use dragoman_model::State;
use dragoman_simulators::{Options, Play};
use regex::Regex;

use crate::setup::{Setup, clerk};

/// The adapters that are asked: those that submit, have a simulator, and orders of a demonstration.
fn adapters(catalogue: &Catalogue) -> Vec<&Adapter> {
    let submits = |adapter: &&Adapter| {
        let channel = adapter.channel.as_ref();
        let has = |file: &str| catalogue.data().get(&format!("adapters/{}/{file}", adapter.name)).is_some();
        channel.is_some_and(|channel| channel.operation("submit").is_some())
            && has("sim.toml")
            && has("demo/consignment.toml")
    };
    catalogue.adapters().iter().filter(submits).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_customs_channel_behaves() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let adapters = adapters(&catalogue);
    assert!(!adapters.is_empty());
    for adapter in adapters {
        let asked = Asked::new(&catalogue, adapter);
        asked.accepted_and_rejected().await;
        for behaviour in ["late", "reordered", "twice"] {
            asked.answers_whatever(behaviour).await;
        }
        asked.silent().await;
        asked.outage().await;
        asked.limits().await;
        for behaviour in ["hang up after", "fail after"] {
            asked.unknown(behaviour).await;
        }
        asked.requests().await;
        asked.amendments().await;
        asked.cancellations().await;
        asked.other_exchanges().await;
    }
}

/// An adapter that is asked.
struct Asked<'a> {
    adapter: &'a Adapter,
    /// The orders of its demonstration.
    orders: Vec<String>,
    config: String,
}

impl<'a> Asked<'a> {
    fn new(catalogue: &Catalogue, adapter: &'a Adapter) -> Self {
        let folder = format!("adapters/{}/demo", adapter.name);
        let data = catalogue.data();
        let paths = data.paths().filter(|path| path.starts_with(&format!("{folder}/orders/")));
        let orders = paths.filter_map(|path| data.get(path)).map(str::to_owned).collect();
        let mut values = BTreeMap::new();
        for setting in &adapter.channel.as_ref().unwrap().settings.account {
            let pattern = setting.matches.as_ref().map_or(".*", |text| text.get_ref().as_str());
            let whole = Regex::new(&format!("^(?:{pattern})$")).unwrap();
            let value =
                ["id", "1.0", "3.0", "AB12345", "GB123"].into_iter().find(|value| whole.is_match(value));
            if setting.required {
                values.insert(setting.name.clone(), value.unwrap().to_owned());
            }
        }
        let values: String = values.iter().map(|(name, value)| format!("{name} = \"{value}\"\n")).collect();
        let config = format!(
            "[[account]]\nadapter = \"{}\"\nname = \"customs\"\nprofile = \"{folder}/seller.toml\"\n\
             base_url = \"OFFICE\"\nlimits = false\n{values}\n[[flow]]\nname = \"flow\"\nto = \"customs\"\n\
             consignment = \"{folder}/consignment.toml\"\nrates = \"{folder}/rates.csv\"\n\
             master = \"{folder}/master.csv\"\n",
            adapter.name
        );
        Self { adapter, orders, config }
    }

    async fn setup(&self, options: Options) -> Setup {
        let options = Options { faster: 100, ..options };
        Setup::asking(&self.adapter.name, &self.config, options).await
    }

    /// Declares the orders of the demonstration, and gives the declarations.
    async fn declare(&self, setup: &Setup) -> Vec<String> {
        let goal = Goal { flow: Some("flow".into()), ..Goal::default() };
        let mut declared = Vec::new();
        for order in &self.orders {
            let order =
                OrderIn { message: "auto", bytes: order.as_bytes(), goal: Some(&goal), ..OrderIn::default() };
            let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
            declared.extend(taken.declarations.into_iter().map(|one| one.id));
        }
        declared
    }

    /// Fetches answers until every declaration has a verdict; gives those that were taken, and those that were not.
    async fn verdicts(&self, setup: &Setup, ids: &[String]) -> (Vec<View>, Vec<View>) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            setup.gateway.pull("customs", false).await.unwrap();
            let mut views = Vec::new();
            for id in ids {
                views.push(setup.view(id).await);
            }
            if views.iter().all(|view| rank(view) >= State::Rejected.rank()) {
                return views.into_iter().partition(|view| rank(view) > State::Rejected.rank());
            }
            assert!(tokio::time::Instant::now() < deadline, "{}: no verdict", self.adapter.name);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn accepted_and_rejected(&self) {
        let setup = self.setup(Options { limits: false, ..Options::default() }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        let (taken, rejected) = self.verdicts(&setup, &ids).await;
        assert!(!taken.is_empty() && !rejected.is_empty(), "{}", self.adapter.name);
        assert!(taken.iter().all(|view| view.row.mrn.is_some() && view.row.needs.is_none()));
        for view in rejected {
            let pointed = view.lines.iter().flat_map(|line| &line.rejections);
            let pointed: Vec<_> = pointed.filter(|one| one.finding.path.is_some()).collect();
            assert!(!pointed.is_empty(), "a rejection has a pointer that is followed");
            assert!(pointed.iter().any(|one| !one.causes.is_empty()), "to who supplied the value");
        }
    }

    async fn answers_whatever(&self, behaviour: &str) {
        let next = Options::playing([Play::times(behaviour, 10)]);
        let setup = self.setup(Options { limits: false, ..next }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        let (taken, rejected) = self.verdicts(&setup, &ids).await;
        let plain = self.setup(Options { limits: false, ..Options::default() }).await;
        let same = self.declare(&plain).await;
        plain.gateway.work().await.unwrap();
        let expected = self.verdicts(&plain, &same).await;
        assert_eq!((taken.len(), rejected.len()), (expected.0.len(), expected.1.len()), "{behaviour:?}");
    }

    async fn silent(&self) {
        let next = Options::playing([Play::times("silent", 10)]);
        let setup = self.setup(Options { limits: false, ..next }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        setup.gateway.pull("customs", true).await.unwrap();
        for id in ids {
            let view = setup.view(&id).await;
            assert!(
                view.row.state == "delivered" && rank(&view) < State::Rejected.rank(),
                "silence is pending"
            );
        }
    }

    /// What cannot be taken now is taken later, once.
    async fn outage(&self) {
        let next = Options::playing([Play::times("fail before", self.orders.len() as u32)]);
        let setup = self.setup(Options { limits: false, ..next }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        assert!(setup.lrns().is_empty());
        setup.pass(3600);
        setup.gateway.work().await.unwrap();
        self.verdicts(&setup, &ids).await;
        assert_eq!(setup.lrns().len(), ids.len());
    }

    async fn limits(&self) {
        let next = Options::playing([Play::times("throttle", 1)]);
        let setup = self.setup(Options { limits: false, ..next }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        assert!(setup.lrns().len() < ids.len());
        setup.pass(3600);
        setup.gateway.work().await.unwrap();
        self.verdicts(&setup, &ids).await;
        assert!(setup.office.as_ref().unwrap().twice().is_empty());
    }

    /// What arrived although nobody knew is proved by its answer, and not sent twice.
    async fn unknown(&self, behaviour: &str) {
        let next = Options::playing([Play::times(behaviour, 10)]);
        let setup = self.setup(Options { limits: false, ..next }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        setup.pass(3600);
        setup.gateway.work().await.unwrap();
        self.verdicts(&setup, &ids).await;
        assert_eq!(setup.lrns().len(), ids.len());
        setup.settle().await;
        let ledger = setup.gateway.ledger(&clerk()).await.unwrap();
        assert!(ledger.balances() && ledger.open == 0, "{ledger:?}");
    }

    /// Amending, cancelling and presenting, as far as the channel has them: what is sent is well-formed, and taken.
    async fn requests(&self) {
        let setup = self.setup(Options { limits: false, ..Options::default() }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        let (taken, _) = self.verdicts(&setup, &ids).await;
        let id = &taken.first().unwrap().row.id;
        let has = |name: &str| self.adapter.channel.as_ref().unwrap().operation(name).is_some();
        let request = Request { reason: Some("1".into()), text: Some("a test".into()), key: None };
        let mut asked = 0;
        if has("amend") {
            let correction = Correction {
                path: "goods_items[sequence=1].description".into(),
                new: Some("other goods".into()),
                ..Correction::default()
            };
            setup.gateway.amend(&clerk(), id, &[correction], &request).await.unwrap();
            asked += 1;
        }
        if has("arrive") {
            setup.gateway.arrive(&clerk(), id, None).await.unwrap();
            asked += 1;
        }
        if has("cancel") {
            setup.gateway.cancel(&clerk(), id, &request).await.unwrap();
            asked += 1;
        }
        assert_eq!(setup.gateway.work().await.unwrap(), asked);
        let view = setup.view(id).await;
        let refused: Vec<_> = view.submissions.iter().filter(|one| one.state != "delivered").collect();
        assert!(refused.is_empty(), "{refused:?}");
    }

    /// What begins an exchange of its own is handed in whole, sent, and answered as declarations are.
    async fn other_exchanges(&self) {
        let channel = self.adapter.channel.as_ref().unwrap();
        for operation in channel.operations.iter().filter(|operation| operation.begins) {
            let setup = self.setup(Options { limits: false, ..Options::default() }).await;
            let name = operation.message.as_deref().unwrap();
            let text = Setup::case(&format!("{}/cases/{name}.in", self.adapter.name));
            let handed = DeclarationIn {
                account: "customs",
                message: "auto",
                bytes: text.as_bytes(),
                ..DeclarationIn::default()
            };
            let taken = setup.gateway.submit(&clerk(), handed).await.unwrap().declarations.remove(0);
            setup.gateway.work().await.unwrap();
            self.verdicts(&setup, std::slice::from_ref(&taken.id)).await;
            let view = setup.view(&taken.id).await;
            assert_eq!((&*view.row.state, view.lrn), ("delivered", taken.lrn), "{name}");
        }
    }

    /// A declaration that was taken, with an office that plays something on what is asked of it then.
    async fn taken(&self, behaviour: &str) -> (Setup, String) {
        let next = Options::playing([Play::times(behaviour, 1)]);
        let setup = self.setup(Options { limits: false, ..next }).await;
        let ids = self.declare(&setup).await;
        setup.gateway.work().await.unwrap();
        let (taken, _) = self.verdicts(&setup, &ids).await;
        let id = taken.first().unwrap().row.id.clone();
        (setup, id)
    }

    /// Fetches answers until a declaration looks so.
    async fn until(&self, setup: &Setup, id: &str, looks: impl Fn(&View) -> bool) -> View {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            setup.gateway.pull("customs", false).await.unwrap();
            let view = setup.view(id).await;
            if looks(&view) {
                return view;
            }
            assert!(tokio::time::Instant::now() < deadline, "{}: {:?}", self.adapter.name, view.flags);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What is granted is how the declaration reads from then on. What is denied leaves its status as it is; that it was
    /// denied is said by the answer alone, where the adapter's mapping does not know the code.
    async fn amendments(&self) {
        if self.adapter.channel.as_ref().unwrap().operation("amend").is_none() {
            return;
        }
        for (behaviour, granted) in [("grant amendment", true), ("deny amendment", false)] {
            let (setup, id) = self.taken(behaviour).await;
            let before = setup.view(&id).await;
            let correction = Correction {
                path: "goods_items[sequence=1].description".into(),
                new: Some("other goods".into()),
                ..Correction::default()
            };
            let request = Request { reason: Some("1".into()), text: Some("a test".into()), key: None };
            setup.gateway.amend(&clerk(), &id, &[correction], &request).await.unwrap();
            assert_eq!(setup.gateway.work().await.unwrap(), 1);
            let view =
                self.until(&setup, &id, |view| is_decided(view, &before, "amend_pending", granted)).await;
            let lines = &view.panes.as_ref().unwrap().canonical.lines;
            let reads = lines.iter().any(|line| line.value.as_deref() == Some("other goods"));
            assert!(reads || !granted, "{}", self.adapter.name);
            // Meanwhile the goods may have come further.
            assert!(rank(&view) >= rank(&before), "{}: {behaviour}: {}", self.adapter.name, view.row.status);
        }
    }

    /// A cancellation that is granted ends the declaration; one that is denied leaves it as it is.
    async fn cancellations(&self) {
        if self.adapter.channel.as_ref().unwrap().operation("cancel").is_none() {
            return;
        }
        for (behaviour, granted) in [("grant cancellation", true), ("deny cancellation", false)] {
            let (setup, id) = self.taken(behaviour).await;
            let before = setup.view(&id).await;
            let request = Request { reason: Some("1".into()), text: Some("a test".into()), key: None };
            setup.gateway.cancel(&clerk(), &id, &request).await.unwrap();
            assert_eq!(setup.gateway.work().await.unwrap(), 1);
            let view =
                self.until(&setup, &id, |view| is_decided(view, &before, "cancel_pending", granted)).await;
            let is_ended = view.row.status == "invalidated";
            assert_eq!(is_ended, granted, "{}: {behaviour}: {}", self.adapter.name, view.row.status);
            assert!(rank(&view) >= rank(&before), "{}: {behaviour}: {}", self.adapter.name, view.row.status);
            assert!(setup.office.as_ref().unwrap().twice().is_empty());
        }
    }
}

fn rank(view: &View) -> u8 {
    State::from_word(&view.row.status).map_or(0, State::rank)
}

/// True where what was asked is no longer open, or, where it is denied, the answers are in.
fn is_decided(view: &View, before: &View, pending: &str, granted: bool) -> bool {
    let answers = |view: &View| view.timeline.iter().filter(|one| one.what == "responded").count();
    let is_open = view.flags.contains(&pending);
    !is_open || (!granted && answers(view) >= answers(before) + 2)
}
