//! Vendure with a database of its own: a shop whose customers and clerks do what the test says.

use std::process::Command;

use serde_json::{Value, json};

use super::process::Process;
use crate::gateway::ask;
use crate::run::root;

/// A shop.
pub struct Shop {
    _process: Process,
    /// Where it listens, without `http://`.
    pub address: String,
    /// What shows that a clerk asks.
    clerk: String,
}

/// A customer's cart.
pub struct Cart {
    /// The order's id.
    pub id: String,
    customer: String,
}

impl Shop {
    /// Opens one; none where Vendure is not installed.
    pub fn open() -> Option<Self> {
        let installed = dragoman_samples::counterpart("vendure")?;
        let mut node = Command::new("node");
        node.arg(root().join("tests/counterparts/vendure/server.js"));
        node.current_dir(installed).env("VENDURE_DISABLE_TELEMETRY", "true");
        let (process, port) = Process::start(&mut node, "ready ");
        let mut shop = Self { _process: process, address: format!("127.0.0.1:{port}"), clerk: String::new() };
        let login = "mutation { login(username: \"admin\", password: \"admin\") { __typename } }";
        shop.clerk = shop.ask("admin-api", "", login, &json!({})).1;
        Some(shop)
    }

    /// Asks as somebody, and gives the data of the answer and what shows who asks next.
    fn ask(&self, api: &str, who: &str, query: &str, variables: &Value) -> (Value, String) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let bearer = format!("Bearer {who}");
        let mut headers = vec![("content-type", "application/json")];
        if !who.is_empty() {
            headers.push(("authorization", &bearer));
        }
        let answer = ask(&self.address, "POST", &format!("/{api}"), &headers, body.as_bytes()).unwrap();
        let data = answer.json();
        let is_error = data["data"].as_object().is_none_or(|data| data.values().any(is_failure));
        assert!(answer.status == 200 && data.get("errors").is_none() && !is_error, "{query}: {data}");
        let given = answer.header("vendure-auth-token");
        (data["data"].clone(), if given.is_empty() { who.to_owned() } else { given.to_owned() })
    }

    /// Asks as a clerk.
    pub fn clerk(&self, query: &str, variables: &Value) -> Value {
        self.ask("admin-api", &self.clerk, query, variables).0
    }

    /// A customer fills a cart, and says where it is to go.
    pub fn fill(&self, sku: &str, quantity: u32) -> Cart {
        let find = "query ($sku: String!) { productVariants(options: { filter: { sku: { eq: $sku } } }) { items { id } } }";
        let variant = &self.clerk(find, &json!({ "sku": sku }))["productVariants"]["items"][0]["id"];
        let add = "mutation ($id: ID!, $quantity: Int!) { addItemToOrder(productVariantId: $id, quantity: $quantity) \
                   { __typename ... on Order { id } ... on ErrorResult { errorCode message } } }";
        let (added, customer) =
            self.ask("shop-api", "", add, &json!({ "id": variant, "quantity": quantity }));
        let cart = Cart { id: text(&added["addItemToOrder"]["id"]), customer };
        let (methods, _) =
            self.ask("shop-api", &cart.customer, "{ eligibleShippingMethods { id } }", &json!({}));
        let fail = "{ __typename ... on ErrorResult { errorCode message } }";
        let address = "mutation ($customer: CreateCustomerInput!, $address: CreateAddressInput!, $method: [ID!]!) { \
                       setCustomerForOrder(input: $customer) FAIL setOrderShippingAddress(input: $address) FAIL \
                       setOrderShippingMethod(shippingMethodId: $method) FAIL }";
        let address = address.replace("FAIL", fail);
        let given = json!({
            "customer": { "firstName": "Kim", "lastName": "Sample", "emailAddress": "kim@sample-stores.example" },
            "address": {
                "fullName": "Kim Sample", "streetLine1": "1 Test Street", "city": "London", "postalCode": "EC1A 1BB",
                "countryCode": "GB",
            },
            "method": [methods["eligibleShippingMethods"][0]["id"]],
        });
        self.ask("shop-api", &cart.customer, &address, &given);
        cart
    }

    /// The customer orders what is in the cart: its payment is authorised.
    pub fn pay(&self, cart: &Cart) {
        let pay = "mutation { transitionOrderToState(state: \"ArrangingPayment\") \
                   { __typename ... on OrderStateTransitionError { errorCode message } } \
                   addPaymentToOrder(input: { method: \"dummy\", metadata: {} }) \
                   { __typename ... on ErrorResult { errorCode message } } }";
        self.ask("shop-api", &cart.customer, pay, &json!({}));
    }

    /// An order is placed.
    pub fn order(&self, sku: &str, quantity: u32) -> String {
        let cart = self.fill(sku, quantity);
        self.pay(&cart);
        cart.id
    }

    /// Its payment is settled.
    pub fn settle(&self, order: &str) {
        let payment = &self.seen(order)["payments"][0]["id"];
        let settle = "mutation ($id: ID!) { settlePayment(id: $id) \
                      { __typename ... on ErrorResult { errorCode message } } }";
        self.clerk(settle, &json!({ "id": payment }));
    }

    /// A clerk changes how many pieces its line has, and pays back what is too much.
    pub fn modify(&self, order: &str, quantity: u32) {
        let seen = self.seen(order);
        self.stand(order, "Modifying");
        let modify = "mutation ($input: ModifyOrderInput!) { modifyOrder(input: $input) \
                      { __typename ... on ErrorResult { errorCode message } } }";
        let line = json!({ "orderLineId": seen["lines"][0]["id"], "quantity": quantity });
        let refund = json!({ "paymentId": seen["payments"][0]["id"], "reason": "fewer" });
        let input =
            json!({ "dryRun": false, "orderId": order, "adjustOrderLines": [line], "refund": refund });
        self.clerk(modify, &json!({ "input": input }));
        self.stand(order, seen["state"].as_str().unwrap());
    }

    fn stand(&self, order: &str, state: &str) {
        let stand = "mutation ($id: ID!, $state: String!) { transitionOrderToState(id: $id, state: $state) \
                     { __typename ... on OrderStateTransitionError { errorCode message } } }";
        self.clerk(stand, &json!({ "id": order, "state": state }));
    }

    /// A clerk sends all of it off, and notes the parcel.
    pub fn send_off(&self, order: &str, tracking: &str) {
        let seen = self.seen(order);
        let fulfil = "mutation ($input: FulfillOrderInput!) { addFulfillmentToOrder(input: $input) \
                      { __typename ... on Fulfillment { id } ... on ErrorResult { errorCode message } } }";
        let argument = |name: &str, value: &str| json!({ "name": name, "value": value });
        let line = json!({ "orderLineId": seen["lines"][0]["id"], "quantity": seen["lines"][0]["quantity"] });
        let input = json!({
            "lines": [line],
            "handler": {
                "code": "manual-fulfillment",
                "arguments": [argument("method", "DHL"), argument("trackingCode", tracking)],
            },
        });
        let made = self.clerk(fulfil, &json!({ "input": input }));
        let hand = "mutation ($id: ID!) { transitionFulfillmentToState(id: $id, state: \"Shipped\") \
                    { __typename ... on ErrorResult { errorCode message } } }";
        self.clerk(hand, &json!({ "id": made["addFulfillmentToOrder"]["id"] }));
    }

    /// A clerk cancels it.
    pub fn cancel(&self, order: &str) {
        let cancel = "mutation ($id: ID!) { cancelOrder(input: { orderId: $id, reason: \"unwanted\" }) \
                      { __typename ... on ErrorResult { errorCode message } } }";
        self.clerk(cancel, &json!({ "id": order }));
    }

    /// An order as it stands.
    pub fn seen(&self, order: &str) -> Value {
        let see = "query ($id: ID!) { order(id: $id) { id code state active updatedAt orderPlacedAt totalWithTax \
                   payments { id state } fulfillments { state trackingCode } lines { id quantity } \
                   history(options: { filter: { type: { eq: \"ORDER_NOTE\" } } }) { items { data } } } }";
        self.clerk(see, &json!({ "id": order }))["order"].clone()
    }
}

fn is_failure(data: &Value) -> bool {
    data.is_null() || data.get("errorCode").is_some()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
