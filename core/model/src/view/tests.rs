use super::*;
use crate::testing::document;
use crate::{Decimal, Flag, Precision, State};

const DECLARATION: &str = "kind = declaration
    direction = IM
    dispatch.country = CN
    consignor.name = Header Ltd
    consignor.address.city = Shenzhen
    declarant.ids[0].scheme = eori
    declarant.ids[0].value = GB000000000000
    transport.loading.id = CNSZX
    houses[0].sequence = 7
    houses[0].dispatch.country = VN
    goods_items[0].sequence = 1
    goods_items[0].house = 7
    goods_items[0].consignor.name = Item Ltd
    goods_items[0].commodity.codes[0].type = CV
    goods_items[0].commodity.codes[0].code = 0000001-1
    goods_items[0].commodity.codes[1].type = TSP
    goods_items[0].commodity.codes[1].code = 42022210
    goods_items[0].commodity.codes[2].type = TRC
    goods_items[0].commodity.codes[2].code = 00
    goods_items[0].commodity.codes[3].type = GN
    goods_items[0].commodity.codes[3].code = VATZ
    goods_items[0].origins[0].country = KR
    goods_items[0].origins[0].type = 2
    goods_items[0].origins[1].country = CN
    goods_items[0].origins[1].type = 1
    goods_items[0].duties[0].type = B00
    goods_items[0].duties[1].regime = 300
    goods_items[0].duties[1].quota = 090000
    goods_items[0].mass.net.value = 0.42
    goods_items[0].mass.net.assumed = KGM
    goods_items[0].price.amount = 12.50
    goods_items[0].price.currency = GBP
    goods_items[0].procedure.additional = 1QF
    goods_items[0].procedure.additional = 000
    goods_items[1].sequence = 2
    goods_items[1].dispatch.region = 1";

#[test]
fn an_item_is_read_through_its_classifications_origins_and_duties() {
    let document = document("declaration", DECLARATION);
    let view = DeclarationView::new(&document).unwrap();
    let item = view.item("1").unwrap();
    assert_eq!(item.code().map(|code| code.digits()), Some("42022210"));
    assert_eq!((item.taric(), item.cus()), (Some("00"), Some("0000001-1")));
    assert_eq!(item.full_code().as_deref(), Some("4202221000"));
    assert_eq!(item.additional().collect::<Vec<_>>(), [("GN", "VATZ")]);
    assert_eq!((item.origin(), item.preferential_origin()), (Some("CN"), Some("KR")));
    assert_eq!((item.preference(), item.quota()), (Some("300"), Some("090000")));
    let price = item.at().money("price").unwrap();
    assert_eq!((price.value, price.currency), (Some(Decimal::new(1250, 2)), Some("GBP")));
    let net = item.at().measure("mass.net").unwrap();
    assert_eq!((net.literal, net.unit, net.is_assumed), ("0.42", Some("KGM"), true));
    assert_eq!(item.at().texts("procedure.additional").collect::<Vec<_>>(), ["1QF", "000"]);
    let bare = view.item("2").unwrap();
    assert_eq!((bare.code(), bare.origin(), bare.preference()), (None, None, None));
}

#[test]
fn what_counts_for_an_item_is_the_nearest_statement_as_a_whole() {
    let document = document("declaration", DECLARATION);
    let view = DeclarationView::new(&document).unwrap();
    let [one, two] = view.goods_items().collect::<Vec<_>>()[..] else { panic!() };
    let text = |item: &GoodsItem<'_>, path| view.effective_text(item, path).map(str::to_owned);
    assert_eq!(text(&one, "dispatch.country").as_deref(), Some("VN"), "the house says it");
    assert_eq!(text(&one, "consignor.name").as_deref(), Some("Item Ltd"));
    assert_eq!(text(&one, "consignor.address.city"), None, "the header's consignor is another one");
    assert_eq!(text(&two, "consignor.address.city").as_deref(), Some("Shenzhen"));
    assert_eq!(text(&two, "dispatch.country"), None, "the item states a place of its own");
    assert_eq!(text(&two, "transport.loading.id").as_deref(), Some("CNSZX"));
    assert_eq!(text(&two, "no.such.path"), None);
    assert_eq!(one.effective("dispatch.country").unwrap().path(), "houses[sequence=7].dispatch.country");
}

#[test]
fn parties_are_found_by_role_and_scheme() {
    let document = document("declaration", DECLARATION);
    let view = DeclarationView::new(&document).unwrap();
    let roles: Vec<_> = view.parties().map(|(role, _)| role).collect();
    assert_eq!(roles, ["declarant", "consignor"]);
    let declarant = view.at().get("declarant").unwrap();
    assert_eq!((declarant.id("eori"), declarant.id("vat")), (Some("GB000000000000"), None));
}

#[test]
fn movement_follows_kind_direction_and_procedure() {
    let movement = |lines: &str| DeclarationView::new(&document("declaration", lines)).unwrap().movement();
    assert_eq!(movement("direction = IM"), Some(Movement::Import));
    assert_eq!(movement("direction = E"), Some(Movement::Export));
    assert_eq!(movement("kind = transit\n direction = T1"), Some(Movement::Transit));
    assert_eq!(movement("kind = entry_summary"), Some(Movement::Entry));
    assert_eq!(movement("direction = CO\n goods_items[0].procedure.requested = 10"), Some(Movement::Export));
    assert_eq!(movement("direction = CO\n goods_items[0].procedure.requested = 49"), Some(Movement::Import));
    assert_eq!(movement("direction = CO"), None);
    assert_eq!(movement("direction = ZZ"), None);
}

#[test]
fn statements_belong_to_amendments_by_their_pointer() {
    let document = document(
        "declaration",
        "additional_information[0].text = first
         additional_information[0].pointer.raw = 42A#1.06A#1
         additional_information[1].text = second
         additional_information[1].pointer.raw = 42A#1.06A#2
         additional_information[2].text = all
         additional_information[2].pointer.raw = 42A.06A
         additional_information[3].text = none",
    );
    let view = DeclarationView::new(&document).unwrap();
    let texts = |amendment| view.statements(amendment).map(|at| at.text("text").unwrap()).collect::<Vec<_>>();
    assert_eq!(texts(0), ["first", "all"]);
    assert_eq!(texts(1), ["second", "all"]);
    assert_eq!(texts(2), ["all"]);
}

#[test]
fn order_amounts_take_the_currency_of_the_order() {
    let document = document(
        "order",
        "order_number = 1001
         currency = USD
         totals.grand.amount = 30
         lines[0].line = 1
         lines[0].sku = BAG-22
         lines[0].quantity.value = 3
         lines[0].unit_price.amount = 10.00
         lines[0].price.amount = 25
         lines[0].price.currency = GBP
         lines[0].customs.code = 420222",
    );
    let order = OrderView::new(&document).unwrap();
    let line = order.line("1").unwrap();
    assert_eq!((order.number(), line.sku()), (Some("1001"), Some("BAG-22")));
    assert_eq!(line.unit_price().unwrap().currency, Some("USD"));
    assert_eq!(line.price().unwrap().currency, Some("GBP"));
    assert_eq!(order.total("grand").unwrap().value, Some(Decimal::from(30)));
    assert_eq!(line.quantity().unwrap().value, Some(Decimal::from(3)));
    assert_eq!(line.commodity_code().map(|code| code.level()), Some(6));
    assert!(DeclarationView::new(&document).is_none());
}

#[test]
fn a_response_joins_its_events() {
    let document = document(
        "customs_response",
        "issued_at = 20261122162400Z
         issued_at_format = 304
         event = released
         events[0].event = +control
         events[0].at = 20261121000000Z
         events[0].at_format = 304
         events[1].event = -control
         events[2].event = whatever
         delta.goods_items[0].sequence = 1",
    );
    let view = CustomsResponseView::new(&document).unwrap();
    let (status, findings) = view.status();
    assert_eq!((status.state(), status.has(Flag::Control), findings.len()), (State::Released, false, 1));
    assert_eq!(view.at().time("issued_at").unwrap().precision, Precision::Second);
    assert_eq!(view.delta().unwrap().goods_items().count(), 1);
    let silent = crate::testing::document("customs_response", "native.code = 99");
    assert!(CustomsResponseView::new(&silent).unwrap().status().0.is_pending());
}
