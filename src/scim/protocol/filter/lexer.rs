//! First pass over a filter: bounds it and brings it into the exact grammar.
//!
//! One left-to-right scan without recursion, so that a hostile filter is refused before anything is built from it. Names
//! are replaced by placeholders (`a0`, `a1`, …) because full names of dynamic attributes may hold dots and blanks, which
//! the grammar of names does not know.

use super::super::error::ScimError;
use super::super::text::strip_prefix_ignore_case;
use super::{MAX_DEPTH, MAX_LENGTH, MAX_TERMS};

const OPERATORS: [&str; 10] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];

/// A filter in exact grammar, and the names its placeholders stand for.
pub(super) struct Normal<'t> {
    pub text: String,
    pub names: Vec<&'t str>,
}

enum Open {
    Group,
    /// Position in the output right after the bracket.
    Elements(usize),
}

struct Lexer<'t> {
    rest: &'t str,
    out: String,
    names: Vec<&'t str>,
    open: Vec<Open>,
    terms: usize,
}

/// Normalises a filter.
pub(super) fn normalise(text: &str) -> Result<Normal<'_>, ScimError> {
    if text.len() > MAX_LENGTH {
        return Err(ScimError::invalid_filter(format!(
            "The filter is longer than {MAX_LENGTH} bytes."
        )));
    }
    let mut lexer = Lexer {
        rest: text,
        out: String::with_capacity(text.len() + 16),
        names: Vec::new(),
        open: Vec::new(),
        terms: 0,
    };
    loop {
        if lexer.term()? {
            continue;
        }
        if !lexer.after_term()? {
            return Ok(Normal {
                text: lexer.out,
                names: lexer.names,
            });
        }
    }
}

impl<'t> Lexer<'t> {
    fn error<T>(&self, expected: &str) -> Result<T, ScimError> {
        let near: String = self.rest.chars().take(20).collect();
        Err(ScimError::invalid_filter(format!(
            "The filter is malformed: expected {expected} near {near:?}."
        )))
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, token: char) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn enter(&mut self, open: Open) -> Result<(), ScimError> {
        self.open.push(open);
        if self.open.len() > MAX_DEPTH {
            return Err(ScimError::invalid_filter(format!(
                "The filter nests deeper than {MAX_DEPTH} levels."
            )));
        }
        Ok(())
    }

    /// Reads up to where an operand follows an operator. True when another term must follow (an opening bracket was read).
    fn term(&mut self) -> Result<bool, ScimError> {
        self.skip_blanks();
        if let Some(rest) = strip_prefix_ignore_case(self.rest, "not") {
            // RFC 7644 figure 1 writes `not(…)`, most clients write `not (…)`.
            if rest.trim_start().starts_with('(') {
                self.rest = rest.trim_start();
                self.out.push_str("not ");
            }
        }
        if self.eat('(') {
            self.out.push('(');
            self.enter(Open::Group)?;
            return Ok(true);
        }
        self.name()?;
        if self.eat('[') {
            self.out.push('[');
            self.enter(Open::Elements(self.out.len()))?;
            return Ok(true);
        }
        self.comparison()?;
        Ok(false)
    }

    /// Reads closing brackets and a logical operator. False at the end of the filter.
    fn after_term(&mut self) -> Result<bool, ScimError> {
        loop {
            self.skip_blanks();
            if self.rest.is_empty() {
                return if self.open.is_empty() {
                    Ok(false)
                } else {
                    self.error("a closing bracket")
                };
            }
            if self.eat(')') {
                if !matches!(self.open.pop(), Some(Open::Group)) {
                    return self.error("no \")\"");
                }
                self.out.push(')');
            } else if self.eat(']') {
                let Some(Open::Elements(start)) = self.open.pop() else {
                    return self.error("no \"]\"");
                };
                if self.eat('.') {
                    // `attr[filter].sub eq "x"` asks for one element that satisfies both.
                    self.out.insert(start, '(');
                    self.out.push_str(") and ");
                    self.name()?;
                    self.comparison()?;
                }
                self.out.push(']');
            } else {
                let word = self.word();
                let joint = match word.to_ascii_lowercase().as_str() {
                    "and" => " and ",
                    "or" => " or ",
                    _ => return self.error("\"and\" or \"or\""),
                };
                self.out.push_str(joint);
                self.rest = self.rest.get(word.len()..).unwrap_or_default();
                return Ok(true);
            }
        }
    }

    /// The run of characters up to a blank or bracket.
    fn word(&self) -> &'t str {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || "()[]\"".contains(c))
            .unwrap_or(self.rest.len());
        self.rest.get(..end).unwrap_or_default()
    }

    fn name(&mut self) -> Result<(), ScimError> {
        let name = if strip_prefix_ignore_case(self.rest, "urn:").is_some() {
            self.full_name()
        } else {
            self.word()
        };
        if name.is_empty() {
            return self.error("an attribute name");
        }
        self.out.push('a');
        self.out.push_str(&self.names.len().to_string());
        self.names.push(name);
        self.rest = self.rest.get(name.len()..).unwrap_or_default();
        Ok(())
    }

    /// A full name may hold blanks; it ends before a bracket, or before a blank that an operator follows.
    fn full_name(&self) -> &'t str {
        let mut after_blank = false;
        let ends = self.rest.char_indices().find(|&(at, c)| {
            let starts_blank = c.is_whitespace() && !after_blank;
            after_blank = c.is_whitespace();
            c == '[' || (starts_blank && self.rest.get(at..).is_some_and(starts_with_operator))
        });
        self.rest
            .get(..ends.map_or(self.rest.len(), |(at, _)| at))
            .unwrap_or_default()
    }

    fn comparison(&mut self) -> Result<(), ScimError> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(ScimError::invalid_filter(format!(
                "The filter has more than {MAX_TERMS} comparisons."
            )));
        }
        self.skip_blanks();
        let word = self.word();
        let operator = word.to_ascii_lowercase();
        if !OPERATORS.contains(&operator.as_str()) {
            return self.error("a comparison operator");
        }
        self.rest = self.rest.get(word.len()..).unwrap_or_default();
        self.out.push(' ');
        self.out.push_str(&operator);
        if operator == "pr" {
            return Ok(());
        }
        if !self.rest.starts_with(char::is_whitespace) {
            return self.error("a blank and a value");
        }
        self.skip_blanks();
        self.out.push(' ');
        self.value()
    }

    fn value(&mut self) -> Result<(), ScimError> {
        if self.rest.starts_with('"') {
            let Some(literal) = self.quoted() else {
                return self.error("a closing quote");
            };
            self.out.push_str(literal);
            self.rest = self.rest.get(literal.len()..).unwrap_or_default();
            return Ok(());
        }
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || ")]".contains(c))
            .unwrap_or(self.rest.len());
        let literal = self.rest.get(..end).unwrap_or_default();
        if literal.is_empty() {
            return self.error("a value");
        }
        match literal.to_ascii_lowercase().as_str() {
            word @ ("true" | "false" | "null") => self.out.push_str(word),
            // Numbers too: the schema, not the spelling, says what is a number (`employeeNumber eq 0042`).
            _ => self.out.push_str(&serde_json::Value::from(literal).to_string()),
        }
        self.rest = self.rest.get(literal.len()..).unwrap_or_default();
        Ok(())
    }

    /// The quoted string at the cursor, quotes included.
    fn quoted(&self) -> Option<&'t str> {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return self.rest.get(..=at),
                _ => {}
            }
        }
        None
    }
}

fn starts_with_operator(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|word| {
        let word = word.trim_end_matches([')', ']']);
        OPERATORS.iter().any(|operator| operator.eq_ignore_ascii_case(word))
    })
}
