//! Reading a request.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// So deep may selections and values stand in one another.
const DEEPEST: usize = 32;

/// A request: its operations and fragments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub(crate) operations: Vec<Operation>,
    pub(crate) fragments: HashMap<String, Vec<Selection>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    pub name: Option<String>,
    /// Names of variables, whether each has to be given, and what it is else.
    pub variables: Vec<(String, bool, Option<Literal>)>,
    pub selections: Vec<Selection>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Selection {
    Field(Field),
    Spread(String),
    Inline(Vec<Selection>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// What the answer calls it.
    pub key: String,
    pub name: String,
    pub arguments: Vec<(String, Literal)>,
    pub selections: Vec<Selection>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Variable(String),
    Value(Value),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

impl Literal {
    /// The value with those of variables in it.
    pub fn value(&self, variables: &Map<String, Value>) -> Value {
        match self {
            Self::Variable(name) => variables.get(name).cloned().unwrap_or(Value::Null),
            Self::Value(value) => value.clone(),
            Self::List(items) => items.iter().map(|item| item.value(variables)).collect(),
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| (name.clone(), value.value(variables));
                Value::Object(members.iter().map(member).collect())
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(String),
    Mark(char),
    /// `...`
    Dots,
}

/// Reads a request. `Err` says what is wrong with it.
pub fn parse(text: &str) -> Result<Document, String> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, deep: 0 };
    let mut document = Document::default();
    while let Some(token) = reader.peek() {
        match token {
            Token::Mark('{') => {
                let selections = reader.selections()?;
                document.operations.push(Operation { name: None, variables: Vec::new(), selections });
            }
            Token::Name(word) if word == "fragment" => {
                reader.at += 1;
                let name = reader.name()?;
                let (_, _) = (reader.name()?, reader.name()?);
                document.fragments.insert(name, reader.selections()?);
            }
            Token::Name(word) if word == "query" || word == "mutation" => {
                reader.at += 1;
                document.operations.push(reader.operation()?);
            }
            _ => return Err(reader.unexpected()),
        }
    }
    let mut weights = HashMap::new();
    let all = document.operations.iter().map(|operation| &operation.selections);
    for selections in all.chain(document.fragments.values()) {
        weigh(&document.fragments, selections, &mut weights)?;
    }
    Ok(document)
}

/// So many fields an operation may have, those of its fragments counted as often as they are spread.
const MOST: u32 = 5_000;

/// The fields of selections. `Err` where fragments spread themselves, or where there are too many.
fn weigh<'d>(
    fragments: &'d HashMap<String, Vec<Selection>>,
    selections: &'d [Selection],
    weights: &mut HashMap<&'d str, Option<u32>>,
) -> Result<u32, String> {
    let mut sum: u32 = 0;
    for selection in selections {
        let weight = match selection {
            Selection::Field(field) => 1 + weigh(fragments, &field.selections, weights)?,
            Selection::Inline(inner) => weigh(fragments, inner, weights)?,
            Selection::Spread(name) => {
                let inner = fragments.get(name).ok_or_else(|| format!("there is no fragment {name}"))?;
                match weights.get(name.as_str()) {
                    Some(None) => return Err(format!("fragment {name} spreads itself")),
                    Some(Some(weight)) => *weight,
                    None => {
                        weights.insert(name, None);
                        let weight = weigh(fragments, inner, weights)?;
                        weights.insert(name, Some(weight));
                        weight
                    }
                }
            }
        };
        sum = sum.saturating_add(weight);
    }
    if sum > MOST { Err("there are too many fields".to_owned()) } else { Ok(sum) }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let length_of = |is: &dyn Fn(char) -> bool| rest.find(|letter| !is(letter)).unwrap_or(rest.len());
        let length = if first.is_whitespace() || first == ',' || first == '\u{feff}' {
            first.len_utf8()
        } else if first == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("...") {
            tokens.push(Token::Dots);
            3
        } else if first == '"' {
            let (text, length) = string(rest)?;
            tokens.push(Token::Text(text));
            length
        } else if first.is_ascii_digit() || first == '-' {
            let length = length_of(&|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
            tokens.push(Token::Number(rest.chars().take(length).collect()));
            length
        } else if is_word(first) {
            let length = length_of(&is_word);
            tokens.push(Token::Name(rest.chars().take(length).collect()));
            length
        } else if "!$&()/:=@[]{|}".contains(first) {
            tokens.push(Token::Mark(first));
            1
        } else {
            return Err(format!("`{first}` does not belong here"));
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(tokens)
}

/// A text in quotes, and how long it stands.
fn string(text: &str) -> Result<(String, usize), String> {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        let end = block.find("\"\"\"").ok_or("a text is not closed")?;
        return Ok((block.get(..end).unwrap_or_default().trim().to_owned(), end + 6));
    }
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !is_escaped => {
                // The escapes are those of JSON.
                let quoted = text.get(..=at).unwrap_or_default();
                let text = serde_json::from_str(quoted).map_err(|error| error.to_string())?;
                return Ok((text, at + 1));
            }
            '\n' => break,
            letter => is_escaped = letter == '\\' && !is_escaped,
        }
    }
    Err("a text is not closed".to_owned())
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    deep: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn unexpected(&self) -> String {
        match self.peek() {
            Some(token) => format!("unexpected {token:?}"),
            None => "unexpected end".to_owned(),
        }
    }

    fn takes(&mut self, mark: char) -> bool {
        let is_it = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(is_it);
        is_it
    }

    fn mark(&mut self, mark: char) -> Result<(), String> {
        if self.takes(mark) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.peek() {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.deep += 1;
        if self.deep > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let read = read(self);
        self.deep -= 1;
        read
    }

    fn operation(&mut self) -> Result<Operation, String> {
        let name = self.name().ok();
        let mut variables = Vec::new();
        if self.takes('(') {
            while !self.takes(')') {
                self.mark('$')?;
                let name = self.name()?;
                self.mark(':')?;
                let needed = self.kind()?;
                let usual = if self.takes('=') { Some(self.literal()?) } else { None };
                variables.push((name, needed, usual));
            }
        }
        Ok(Operation { name, variables, selections: self.selections()? })
    }

    /// The type of a variable: only whether it has to be given is kept.
    fn kind(&mut self) -> Result<bool, String> {
        self.deeper(|reader| {
            if reader.takes('[') {
                reader.kind()?;
                reader.mark(']')?;
            } else {
                reader.name()?;
            }
            Ok(reader.takes('!'))
        })
    }

    fn selections(&mut self) -> Result<Vec<Selection>, String> {
        self.deeper(|reader| {
            reader.mark('{')?;
            let mut selections = Vec::new();
            while !reader.takes('}') {
                selections.push(reader.selection()?);
            }
            Ok(selections)
        })
    }

    fn selection(&mut self) -> Result<Selection, String> {
        if self.peek() == Some(&Token::Dots) {
            self.at += 1;
            return match self.name() {
                Ok(on) if on == "on" => {
                    self.name()?;
                    Ok(Selection::Inline(self.selections()?))
                }
                Ok(name) => Ok(Selection::Spread(name)),
                Err(_) => Ok(Selection::Inline(self.selections()?)),
            };
        }
        let first = self.name()?;
        let name = if self.takes(':') { self.name()? } else { first.clone() };
        let arguments = if self.takes('(') { self.members(')')? } else { Vec::new() };
        let selections = if self.peek() == Some(&Token::Mark('{')) { self.selections()? } else { Vec::new() };
        Ok(Selection::Field(Field { key: first, name, arguments, selections }))
    }

    fn members(&mut self, end: char) -> Result<Vec<(String, Literal)>, String> {
        let mut members = Vec::new();
        while !self.takes(end) {
            let name = self.name()?;
            self.mark(':')?;
            members.push((name, self.literal()?));
        }
        Ok(members)
    }

    fn literal(&mut self) -> Result<Literal, String> {
        self.deeper(|reader| {
            if reader.takes('$') {
                return reader.name().map(Literal::Variable);
            }
            if reader.takes('{') {
                return reader.members('}').map(Literal::Object);
            }
            if reader.takes('[') {
                let mut items = Vec::new();
                while !reader.takes(']') {
                    items.push(reader.literal()?);
                }
                return Ok(Literal::List(items));
            }
            let value = match reader.peek() {
                Some(Token::Text(text)) => Value::String(text.clone()),
                Some(Token::Number(text)) => serde_json::from_str(text).map_err(|error| error.to_string())?,
                Some(Token::Name(word)) => match word.as_str() {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    word => Value::String(word.to_owned()),
                },
                _ => return Err(reader.unexpected()),
            };
            reader.at += 1;
            Ok(Literal::Value(value))
        })
    }
}
