//! Simple types to facets (XML Schema Part 2).

use super::ImportError;
use super::document::XSD;
use super::schemas::{Component, Schemas};
use crate::grammar::{Base, Facets, Pattern};

/// A form of values and, where it is enumerated, the name of the type that does so, if it has one, and its values.
#[derive(Clone, Debug)]
pub(super) struct Simple {
    pub facets: Facets,
    pub codes: Option<(Option<String>, Vec<String>)>,
}

/// The pattern that the WCO schemas put on nearly every type, which facets have a word for.
const NONBLANK: &str = r".*[^\s].*";

/// The type of a name that stands in an attribute of `at`: a simple type, or the content of a complex one.
pub(super) fn by_name(schemas: &Schemas, at: Component<'_>, name: &str) -> Result<Simple, ImportError> {
    let unknown = || at.error(format!("there is no type `{name}`"));
    let (namespace, local) = at.document.resolve(name).ok_or_else(unknown)?;
    if namespace == XSD {
        let facets = builtin(local).ok_or_else(|| at.error(format!("the type `{name}` is not supported")))?;
        return Ok(Simple { facets, codes: None });
    }
    if let Some(found) = schemas.find(at.document, "simpleType", name) {
        return simple_type(schemas, found);
    }
    let found = schemas.find(at.document, "complexType", name).ok_or_else(unknown)?;
    simple_content(schemas, found)?.ok_or_else(|| at.error(format!("`{name}` has no simple content")))
}

/// The form that an `xs:simpleType` describes.
pub(super) fn simple_type(schemas: &Schemas, at: Component<'_>) -> Result<Simple, ImportError> {
    let restriction = at.element.child("restriction");
    let restriction =
        restriction.ok_or_else(|| at.error("only restrictions are supported as simple types"))?;
    let restriction = Component { element: restriction, ..at };
    let base = match (restriction.element.attribute("base"), restriction.element.child("simpleType")) {
        (Some(base), _) => by_name(schemas, restriction, base)?,
        (None, Some(inner)) => simple_type(schemas, Component { element: inner, ..at })?,
        (None, None) => return Err(restriction.error("a restriction without a base")),
    };
    restrict(base, restriction, at.element.attribute("name"))
}

/// The form of the content of an `xs:complexType` with `xs:simpleContent`; `None` for another.
pub(super) fn simple_content(schemas: &Schemas, at: Component<'_>) -> Result<Option<Simple>, ImportError> {
    let Some(content) = at.element.child("simpleContent") else { return Ok(None) };
    let Some(derivation) = content.parts().next() else { return Ok(None) };
    let derivation = Component { element: derivation, ..at };
    let base =
        derivation.element.attribute("base").ok_or_else(|| derivation.error("a content without a base"))?;
    let base = by_name(schemas, derivation, base)?;
    match derivation.element.name.as_str() {
        "restriction" => restrict(base, derivation, at.element.attribute("name")).map(Some),
        _ => Ok(Some(base)),
    }
}

/// The form of a built-in type.
fn builtin(name: &str) -> Option<Facets> {
    let base = match name {
        // What `normalizedString` replaces is line ends and tabs by blanks: nothing that a reader takes off. What is in
        // base64 is carried as it stands.
        "string" | "normalizedString" | "base64Binary" => Base::Text,
        "token" | "anyURI" | "language" => Base::Token,
        "decimal" => Base::Decimal,
        "boolean" => Base::Bool,
        "date" => Base::Date,
        "time" => Base::Time,
        "dateTime" => Base::DateTime,
        _ => Base::Int,
    };
    let mut facets = Facets::of(base);
    let (min, max) = match name {
        "language" => {
            facets.patterns = Pattern::new("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*").into_iter().collect();
            return Some(facets);
        }
        _ if base != Base::Int => return Some(facets),
        "integer" => ("", ""),
        "nonNegativeInteger" => ("0", ""),
        "positiveInteger" => ("1", ""),
        "nonPositiveInteger" => ("", "0"),
        "negativeInteger" => ("", "-1"),
        "long" => ("-9223372036854775808", "9223372036854775807"),
        "int" => ("-2147483648", "2147483647"),
        "short" => ("-32768", "32767"),
        "byte" => ("-128", "127"),
        "unsignedLong" => ("0", "18446744073709551615"),
        "unsignedInt" => ("0", "4294967295"),
        "unsignedShort" => ("0", "65535"),
        "unsignedByte" => ("0", "255"),
        _ => return None,
    };
    let bound = |literal: &str| (!literal.is_empty()).then(|| literal.into());
    facets.range = (bound(min), bound(max));
    Some(facets)
}

/// Applies the facets of a restriction. Patterns of one restriction are alternatives, those of several all hold.
fn restrict(base: Simple, at: Component<'_>, name: Option<&str>) -> Result<Simple, ImportError> {
    let mut simple = base;
    let (mut patterns, mut codes) = (Vec::new(), Vec::new());
    for facet in at.element.parts().filter(|part| !matches!(part.name.as_str(), "attribute" | "simpleType")) {
        let value =
            facet.attribute("value").ok_or_else(|| at.document.error(facet, "a facet without a value"))?;
        match facet.name.as_str() {
            "pattern" => patterns.push(value),
            "enumeration" => codes.push(value.to_owned()),
            _ => limit(&mut simple.facets, Component { element: facet, ..at }, value)?,
        }
    }
    match patterns.as_slice() {
        [] => {}
        [NONBLANK] => simple.facets.nonblank = true,
        several => {
            let source = several.join("|");
            let pattern = Pattern::new(&source);
            let pattern =
                pattern.map_err(|_| at.error(format!("the pattern `{source}` is not supported")))?;
            simple.facets.patterns.push(pattern);
        }
    }
    if !codes.is_empty() {
        simple.codes = Some((name.map(Into::into), codes));
    }
    Ok(simple)
}

fn limit(facets: &mut Facets, at: Component<'_>, value: &str) -> Result<(), ImportError> {
    let unsupported = || at.error(format!("the facet {} `{value}` is not supported", at.element.name));
    let number = || value.parse::<u32>().map_err(|_| unsupported());
    let none = if facets.base == Base::Int { 0 } else { u32::MAX };
    let (total, fraction) = facets.digits.unwrap_or((u32::MAX, none));
    match at.element.name.as_str() {
        "length" => (facets.min_length, facets.max_length) = (number()?, number()?),
        "minLength" => facets.min_length = number()?,
        "maxLength" => facets.max_length = number()?,
        "totalDigits" => facets.digits = Some((number()?, fraction)),
        "fractionDigits" => facets.digits = Some((total, number()?)),
        "minInclusive" => facets.range.0 = Some(value.into()),
        "maxInclusive" => facets.range.1 = Some(value.into()),
        "minExclusive" if value == "0" && facets.base == Base::Decimal => positive(facets),
        "minExclusive" => facets.range.0 = Some(beyond(facets, value, 1).ok_or_else(unsupported)?),
        "maxExclusive" => facets.range.1 = Some(beyond(facets, value, -1).ok_or_else(unsupported)?),
        "whiteSpace" => match (facets.base, value) {
            (Base::Text, "collapse") => facets.base = Base::Token,
            (Base::Text, "preserve") | (_, "collapse") => {}
            _ => return Err(unsupported()),
        },
        _ => return Err(unsupported()),
    }
    Ok(())
}

/// A decimal above zero: it has a digit that is not zero.
fn positive(facets: &mut Facets) {
    facets.range.0 = Some("0".into());
    facets.patterns.extend(Pattern::new(".*[1-9].*"));
}

/// The inclusive bound of an integer that has an exclusive one.
fn beyond(facets: &Facets, value: &str, step: i64) -> Option<Box<str>> {
    let value: i64 = value.parse().ok().filter(|_| facets.base == Base::Int)?;
    Some(value.checked_add(step)?.to_string().into())
}
