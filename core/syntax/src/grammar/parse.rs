//! `.gram` text to [`Grammar`].
//!
//! ```text
//! grammar 1 wco/dms-3.6
//! syntax xml
//! namespace md = urn:wco:datamodel:WCO:DocumentMetaData-DMS:2
//! list unit = KGM LTR
//! md:MetaData *
//!   Declaration *  wco 42A
//!     GoodsItemQuantity  int..5  wco 228 tded 6061
//!     Amount  decimal..16,3  @currencyID token3
//! ```
//!
//! Indentation nests, two blanks a level. A line is a name, how often (`*` once, nothing for at most once,
//! `0..9`, `1..`), the form of its value, and what else is known of it; `@name …` adds attributes, `with SET` a
//! named set of them. The prefix `none:` takes an element out of its parent's namespace.
//!
//! ```text
//! syntax json
//! Order *
//!   orderId *  string..35
//!   buyer nullable
//!     email  string nullable
//!   items[] *
//!     quantity *  integer
//! OrdersResponse
//!   orders[] *  is Order
//! ```
//!
//! In JSON `[]` marks an array (a line named `[]` an array in an array), `nullable` that `null` may stand for the
//! value, `any` a value of any shape. After the message come the wrappers in which a platform sends it.

use dragoman_tree::Kind;

use super::line::{Line, Word, lines};
use super::segment::{self, Segments};
use super::{
    Base, CodeList, Facets, Flat, Grammar, GrammarBuilder, GrammarError, Header, Namespace, Pattern, Place,
    Syntax, attributes, codes, flat, linked,
};

/// Loads a grammar. `resolve` gives the text of a grammar that this one uses.
pub fn parse<'t>(text: &'t str, resolve: &dyn Fn(&str) -> Option<&'t str>) -> Result<Grammar, GrammarError> {
    let lines = lines(text).map_err(|(line, column, message)| GrammarError {
        file: "grammar".into(),
        line,
        column,
        message,
    })?;
    let (header, syntax, body) = header(&lines)?;
    let file = header.name.clone();
    let mut segments = Segments::new(syntax, header.flat.clone());
    let mut loader = Loader { build: GrammarBuilder::new(syntax, header), levels: Vec::new(), file };
    let find = |name: &str| {
        let message = format!("there is no file `{name}`");
        resolve(name).ok_or_else(|| GrammarError { file: loader.file.clone(), line: 1, column: 1, message })
    };
    let header = loader.build.grammar().header.clone();
    let mut tables = header.codes;
    for name in &header.uses {
        tables.extend(segments.read(name, find(name)?)?.codes);
    }
    let tables = tables.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
    for line in body {
        match (syntax, line.words.first().filter(|_| line.indent == 0)) {
            (Syntax::Xml, Some((_, Word::Bare(word)))) if word == "namespace" => loader.namespace(line)?,
            (_, Some((_, Word::Bare(word)))) if word == "list" => loader.list(line)?,
            (Syntax::Xml, Some((_, Word::Bare(word)))) if word == "attributes" => loader.attributes(line)?,
            (syntax, Some((_, Word::Bare(word)))) if *word == segment::keyword(syntax) => {
                segments.define(&loader.file, line)?;
            }
            (Syntax::Edifact | Syntax::X12 | Syntax::Flat, _) => loader.position(line, &segments)?,
            _ => loader.node(line)?,
        }
    }
    let lists = tables.into_iter().flat_map(codes::read);
    codes::attach(lists, loader.build.grammar_mut()).map_err(|message| GrammarError {
        file: loader.file,
        line: 1,
        column: 1,
        message,
    })?;
    Ok(loader.build.finish())
}

/// The directives at the top of a file, and the lines after them.
pub(super) fn header(lines: &[Line]) -> Result<(Header, Syntax, &[Line]), GrammarError> {
    let mut header = Header::default();
    let mut syntax = None;
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        // A literal or a pattern among the words belongs to no directive.
        let plain = line.words.iter().map_while(|(_, word)| match word {
            Word::Bare(text) => Some(text.as_str()),
            Word::Literal(_) | Word::Pattern(_) => None,
        });
        if plain.clone().count() < line.words.len() {
            break;
        }
        let mut words = plain;
        match words.next() {
            Some("grammar") if words.next() == Some("1") => header.name = words.collect::<String>().into(),
            Some("syntax") => syntax = words.next().and_then(Syntax::from_word),
            Some("source") => header.source.push(words.collect::<Vec<_>>().join(" ").into()),
            Some("use") => header.uses.extend(words.map(Into::into)),
            Some("codes") => header.codes.extend(words.map(Into::into)),
            Some("message") => header.message = words.map(Into::into).collect(),
            Some("complete") => header.complete = true,
            Some(word) if linked::directive(&mut header.linked, word, words.clone()) => {}
            Some(word) if flat::directive(&mut header.flat, word, words) => {}
            _ => break,
        }
        rest = after;
    }
    let at = |message: &str| GrammarError {
        file: header.name.clone(),
        line: rest.first().map_or(1, |line| line.number),
        column: 1,
        message: message.into(),
    };
    if header.name.is_empty() {
        return Err(at("the file must begin with `grammar 1 NAME`"));
    }
    let syntax = syntax.ok_or_else(|| at("`syntax xml`, `json`, `edifact`, `x12` or `flat` is missing"))?;
    if syntax == Syntax::Flat && !header.flat.as_ref().is_some_and(Flat::is_cut) {
        return Err(at("a flat grammar says `width N` or `separator CHARACTER`"));
    }
    Ok((header, syntax, rest))
}

fn form(facets: &mut Option<Facets>) -> &mut Facets {
    facets.get_or_insert_with(|| Facets::of(Base::Text))
}

pub(super) struct Loader {
    pub build: GrammarBuilder,
    /// Indentation of the open places.
    pub levels: Vec<u32>,
    pub file: Box<str>,
}

impl Loader {
    pub fn error<T>(&self, line: &Line, column: u32, message: impl Into<String>) -> Result<T, GrammarError> {
        Err(GrammarError { file: self.file.clone(), line: line.number, column, message: message.into() })
    }

    fn namespace(&mut self, line: &Line) -> Result<(), GrammarError> {
        match line.words.as_slice() {
            [_, (_, Word::Bare(prefix)), (_, Word::Bare(equals)), (_, Word::Bare(uri))] if equals == "=" => {
                let prefix = if prefix == "default" { "" } else { prefix };
                let namespace = Namespace { prefix: prefix.into(), uri: uri.as_str().into() };
                self.build.grammar_mut().namespaces.push(namespace);
                Ok(())
            }
            _ => self.error(line, 1, "expected `namespace PREFIX = URI`"),
        }
    }

    fn list(&mut self, line: &Line) -> Result<(), GrammarError> {
        let mut words = line.words.iter().skip(1).map(|(_, word)| match word {
            Word::Bare(text) | Word::Literal(text) | Word::Pattern(text) => text.as_str(),
        });
        match (words.next(), words.next()) {
            (Some(name), Some("=")) => {
                let mut codes: Vec<Box<str>> = words.map(Into::into).collect();
                codes.sort_unstable();
                self.build.grammar_mut().lists.push(CodeList { name: name.into(), codes });
                Ok(())
            }
            _ => self.error(line, 1, "expected `list NAME = CODE …`"),
        }
    }

    /// Closes what the indentation of this line ends.
    fn dedent(&mut self, line: &Line) -> Result<(), GrammarError> {
        while self.levels.last().is_some_and(|level| *level >= line.indent) {
            self.levels.pop();
            self.build.close();
        }
        let grammar = self.build.grammar();
        let second = self.levels.is_empty() && grammar.get(Grammar::ROOT).is_some();
        if second && grammar.syntax != Syntax::Json {
            return self.error(line, line.indent + 1, "a grammar has one root; indent what is below it");
        }
        Ok(())
    }

    /// A line of an XML or JSON grammar: one node and its attributes.
    fn node(&mut self, line: &Line) -> Result<(), GrammarError> {
        self.dedent(line)?;
        let (words, set) = attributes::split(line);
        for (index, place) in self.places(line, words)?.into_iter().enumerate() {
            self.build.open(place);
            if index > 0 {
                self.build.close();
            }
        }
        for place in self.attribute_set(line, set)? {
            self.build.open(place);
            self.build.close();
        }
        self.levels.push(line.indent);
        Ok(())
    }

    /// A name and what follows it, then the attributes.
    pub fn places(&mut self, line: &Line, words: &[(u32, Word)]) -> Result<Vec<Place>, GrammarError> {
        let begins = |word: &Word| matches!(word, Word::Bare(text) if text.starts_with('@'));
        let attributes = words.iter().enumerate().skip(1).filter(|(_, (_, word))| begins(word));
        let starts: Vec<usize> = std::iter::once(0).chain(attributes.map(|(at, _)| at)).collect();
        let ends = starts.iter().skip(1).chain(std::iter::once(&words.len())).copied().collect::<Vec<_>>();
        let parts = starts.into_iter().zip(ends);
        parts.map(|(start, end)| self.single(line, words.get(start..end).unwrap_or_default())).collect()
    }

    /// One name with what follows it.
    fn single(&mut self, line: &Line, words: &[(u32, Word)]) -> Result<Place, GrammarError> {
        let xml = self.build.grammar().syntax == Syntax::Xml;
        let Some(((column, Word::Bare(name)), rest)) = words.split_first() else {
            return self.error(line, line.indent + 1, "expected a name");
        };
        let attribute = name.strip_prefix('@').filter(|_| xml);
        let (name, attribute) = (attribute.unwrap_or(name), attribute.is_some());
        let (name, list) = name.strip_suffix("[]").map_or((name, false), |name| (name, true));
        let (prefix, local) = name.split_once(':').filter(|_| xml).unwrap_or(("", name));
        let kind = match (xml, attribute) {
            (true, true) => Kind::Attribute,
            (true, false) => Kind::Element,
            (false, _) => Kind::Object,
        };
        let mut place = self.build.place(local, kind);
        place.list = list;
        if list {
            place.max = u32::MAX;
        }
        if attribute {
            place.namespace = 0;
        }
        if !prefix.is_empty() {
            place.namespace = match self.namespace_of(prefix) {
                Some(index) => index,
                None => return self.error(line, *column, format!("no namespace has the prefix `{prefix}`")),
            };
        } else if xml && !attribute && self.build.depth() == 0 {
            place.namespace = self.namespace_of("").unwrap_or(0);
        }
        self.details(line, rest, &mut place)?;
        if !xml && let Some(facets) = place.facets {
            let facets = self.build.grammar().facets.get(facets as usize);
            place.kind = facets.map_or(Kind::Object, |facets| facets.base.json_kind());
        }
        Ok(place)
    }

    fn namespace_of(&self, prefix: &str) -> Option<u16> {
        if prefix == "none" {
            return Some(0);
        }
        let prefix = if prefix == "default" { "" } else { prefix };
        let mut namespaces = self.build.grammar().namespaces.iter().enumerate().skip(1);
        namespaces.find(|(_, known)| &*known.prefix == prefix).map(|(index, _)| index as u16)
    }

    fn details(&mut self, line: &Line, words: &[(u32, Word)], place: &mut Place) -> Result<(), GrammarError> {
        let mut words = words.iter();
        let mut facets: Option<Facets> = None;
        while let Some((column, word)) = words.next() {
            let word = match word {
                Word::Bare(word) => word.as_str(),
                Word::Pattern(pattern) => {
                    let Ok(pattern) = Pattern::new(pattern) else {
                        return self.error(line, *column, "this pattern cannot be compiled");
                    };
                    form(&mut facets).patterns.push(pattern);
                    continue;
                }
                Word::Literal(_) => return self.error(line, *column, "a literal must follow `fixed`"),
            };
            if let Some((min, max)) = segment::occurs(word) {
                (place.min, place.max) = (min, if place.list { place.max } else { max });
                continue;
            }
            let mut argument = || match words.next() {
                Some((_, Word::Bare(text) | Word::Literal(text))) => Some(text.as_str()),
                _ => None,
            };
            match word {
                "nonblank" => form(&mut facets).nonblank = true,
                "nullable" => place.nullable = true,
                "is" => {
                    let root = self.build.grammar().get(Grammar::ROOT).map(|root| root.name);
                    place.message = root.is_some() && argument().map(|name| self.build.intern(name)) == root;
                    if !place.message {
                        return self.error(line, *column, "`is` must be followed by the name of the message");
                    }
                }
                "wco" => place.wco = argument().map(Into::into),
                "tded" => place.tded = argument().map(Into::into),
                "format" => place.format = argument().map(Into::into),
                "fixed" => place.fixed = argument().map(Into::into),
                "key" => place.key = argument().map(|name| self.build.intern(name)),
                "choice" => place.choice = argument().and_then(|number| number.parse().ok()).unwrap_or(0),
                "in" => form(&mut facets).list = argument().map(Into::into),
                "min" => form(&mut facets).range.0 = argument().map(Into::into),
                "max" => form(&mut facets).range.1 = argument().map(Into::into),
                _ => match Facets::from_word(word) {
                    Some(form) if facets.is_none() => facets = Some(form),
                    _ => {
                        return self.error(
                            line,
                            *column,
                            format!("`{word}` is neither a form nor a keyword"),
                        );
                    }
                },
            }
        }
        if let Some(list) = facets.as_ref().and_then(|facets| facets.list.as_ref())
            && !self.build.grammar().lists.iter().any(|known| known.name == *list)
        {
            return self.error(line, 1, format!("there is no list `{list}` above"));
        }
        place.facets = facets.map(|facets| self.build.facets(facets));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout;
    use super::*;

    const XML: &str = r#"grammar 1 test/one
syntax xml
source made up
namespace md = urn:meta
namespace default = urn:body
list unit = GRM KGM "a b"
attributes Measured  @unitCode *  an..3 in unit  @scale  int
md:MetaData *
  Name  token..6 nonblank /[A-Z]\/+/
  default:Declaration *  wco 42A
    FunctionCode *  token..2  fixed "9"  wco 017  tded 1225
    Item 0..9999  key Sequence  wco 68A
      Sequence *  decimal..5,0
      Mass  decimal..16,6  wco 126  @unitCode *  an..3 in unit  @other
      none:Net  decimal  format "n 16"  with Measured
        Bare
"#;

    #[test]
    fn xml_grammars_come_back() {
        let grammar = parse(XML, &|_| None).unwrap();
        assert_eq!(layout(&grammar).replace("\\/", "/"), XML.replace("\\/", "/"));
        let root = Grammar::ROOT;
        assert_eq!(grammar.path(root), "/MetaData");
        let declaration = grammar.child(root, "Declaration").unwrap();
        assert_eq!(&*grammar.namespaces[grammar.place(declaration).namespace as usize].uri, "urn:body");
        let item = grammar.child(declaration, "Item").unwrap();
        let mass = grammar.child(item, "Mass").unwrap();
        assert_eq!(grammar.place(item).max, 9999);
        let unit = grammar.child(mass, "unitCode").unwrap();
        assert_eq!(grammar.facets_of(unit).unwrap().list.as_deref(), Some("unit"));
        assert_eq!(grammar.place(unit).min, 1);
    }

    const SEGMENTS: &str = "grammar 1 d/segments\nsyntax edifact\n\
        segment UNS 0081* a1\nsegment RFF C506*{1153* an..3, 1154 an..35}\nsegment FTX 4451* an..3 C108{4440* an..70 x5} 3453 an..3\n";

    #[test]
    fn edifact_grammars_expand_their_segments() {
        let text = "grammar 1 d/cusdec\nsyntax edifact\nuse d/segments\nmessage CUSDEC D 96B UN\n\
            0010 UNS *  fixed 0081 = \"D\"\n0020 <RFF> 0..99\n  0030 RFF *\n  0040 FTX 0..9\n0050 UNS *\n";
        let grammar = parse(text, &|name| (name == "d/segments").then_some(SEGMENTS)).unwrap();
        let sections: Vec<_> = grammar.children_named(Grammar::ROOT, "UNS").collect();
        assert_eq!(sections.len(), 2);
        let fixed: Vec<_> = sections
            .iter()
            .map(|uns| grammar.place(grammar.child(*uns, "0081").unwrap()).fixed.as_deref())
            .collect();
        assert_eq!(fixed, [Some("D"), None]);
        let group = grammar.child(Grammar::ROOT, "<RFF>").unwrap();
        let composite = grammar.child(grammar.child(group, "FTX").unwrap(), "C108").unwrap();
        let text = grammar.child(composite, "4440").unwrap();
        assert_eq!((grammar.place(text).max, grammar.path(text)), (5, "<RFF>/FTX/C108/4440".into()));
    }

    #[test]
    fn mistakes_are_located() {
        let text = "grammar 1 t\nsyntax xml\nA *\n  B text..3 wrong\n";
        let error = parse(text, &|_| None).unwrap_err();
        assert_eq!(error.to_string(), "t:4:13: `wrong` is neither a form nor a keyword");
        assert!(parse("grammar 1 t\nsyntax xml\nA\nB\n", &|_| None).is_err());
        assert!(parse("syntax xml\n", &|_| None).is_err());
        let wrapper = parse("grammar 1 t\nsyntax json\nA\nB\n  a[]  is C\n", &|_| None).unwrap_err();
        assert_eq!(wrapper.to_string(), "t:5:8: `is` must be followed by the name of the message");
    }
}
