
pub struct DateTime;
impl DateTime { pub fn parse(_: &str, _: Option<&str>) -> Self { Self } pub fn to_edifact(&self, _: &str) -> Option<String> { None } }
pub struct Decimal;
impl Decimal { pub const ZERO: rust_decimal::Decimal = rust_decimal::Decimal::ZERO; pub fn parse(t: &str) -> V { V(t.parse().ok()) } }
pub struct V(Option<rust_decimal::Decimal>);
impl V { pub fn value(&self) -> Option<rust_decimal::Decimal> { self.0 } }
