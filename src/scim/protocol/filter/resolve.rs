//! Second pass over a filter: names become schema attributes, literals get the attribute's type.
//!
//! Recursion is bounded by the nesting limit of the first pass.

use chrono::{DateTime, Utc};
use scim_v2::filter::{self as grammar, AttrExp, CompValue, ValFilter};

use super::super::error::ScimError;
use super::super::path::{AttrPath, Resolved, Target, resolve_query};
use super::super::schema::{Attribute, AttributeType, ResourceSchema};
use super::{AttrRef, CompareOp, CompareValue, Filter, FilterPath};

/// Resolves the names of a whole filter.
pub(super) struct Resolver<'a> {
    pub schema: &'a ResourceSchema,
    pub names: &'a [&'a str],
}

impl Resolver<'_> {
    pub fn filter(&self, parsed: &grammar::Filter) -> Result<Filter, ScimError> {
        Ok(match parsed {
            grammar::Filter::Attr(expression) => {
                let text = name(expression, self.names)?;
                expression_filter(expression, text, self.find(text))?
            }
            grammar::Filter::ValuePath(value_path) => {
                let text = placeholder(&value_path.attr, self.names)?;
                match self.find(text) {
                    Some(target) if target.sub.is_none() => Filter::ValuePath {
                        path: FilterPath::Known(attr_ref(&target, target.attribute)),
                        filter: Box::new(elements(&value_path.filter, &target, self.names)?),
                    },
                    Some(_) => {
                        let detail = format!("{text:?} has no elements to filter.");
                        return Err(ScimError::invalid_filter(detail));
                    }
                    None => Filter::Present {
                        path: FilterPath::Unknown(text.to_owned()),
                    },
                }
            }
            grammar::Filter::Not(inner) => Filter::Not(Box::new(self.filter(inner)?)),
            grammar::Filter::And(parts) => Filter::And(parts.iter().map(|part| self.filter(part)).collect::<Result<_, _>>()?),
            grammar::Filter::Or(parts) => Filter::Or(parts.iter().map(|part| self.filter(part)).collect::<Result<_, _>>()?),
        })
    }

    fn find(&self, text: &str) -> Option<Target<'_>> {
        match resolve_query(text, self.schema) {
            Resolved::Attribute(target) => Some(target),
            Resolved::Core | Resolved::Extension(_) | Resolved::Unknown { .. } => None,
        }
    }
}

/// Resolves the inside of a value path: names are sub-attributes of `target`.
pub(super) fn elements(parsed: &ValFilter, target: &Target<'_>, names: &[&str]) -> Result<Filter, ScimError> {
    Ok(match parsed {
        ValFilter::Attr(expression) => {
            let text = name(expression, names)?;
            expression_filter(expression, text, sub_target(target, text))?
        }
        ValFilter::Not(inner) => Filter::Not(Box::new(elements(inner, target, names)?)),
        ValFilter::And(parts) => Filter::And(
            parts
                .iter()
                .map(|part| elements(part, target, names))
                .collect::<Result<_, _>>()?,
        ),
        ValFilter::Or(parts) => Filter::Or(
            parts
                .iter()
                .map(|part| elements(part, target, names))
                .collect::<Result<_, _>>()?,
        ),
    })
}

fn sub_target<'s>(target: &Target<'s>, name: &str) -> Option<Target<'s>> {
    if !target.attribute.is_complex() {
        return name.eq_ignore_ascii_case("value").then(|| target.clone());
    }
    let sub = target.attribute.sub(name)?;
    let path = AttrPath {
        sub: Some(sub.name.to_string()),
        ..target.path.clone()
    };
    Some(Target {
        path,
        attribute: target.attribute,
        sub: Some(sub),
    })
}

fn name<'n>(expression: &AttrExp, names: &[&'n str]) -> Result<&'n str, ScimError> {
    match expression {
        AttrExp::Present(path) | AttrExp::Comparison(path, ..) => placeholder(path, names),
    }
}

/// The name that a placeholder stands for.
fn placeholder<'n>(path: &grammar::AttrPath, names: &[&'n str]) -> Result<&'n str, ScimError> {
    let index = path.name.strip_prefix('a').and_then(|digits| digits.parse::<usize>().ok());
    let found = index.and_then(|index| names.get(index));
    found
        .copied()
        .ok_or_else(|| ScimError::invalid_filter("The filter is malformed."))
}

fn attr_ref(target: &Target<'_>, leaf: &Attribute) -> AttrRef {
    AttrRef {
        path: target.path.clone(),
        kind: leaf.kind,
        case_exact: leaf.case_exact,
        multi_valued: target.attribute.multi_valued,
    }
}

fn expression_filter(expression: &AttrExp, text: &str, target: Option<Target<'_>>) -> Result<Filter, ScimError> {
    match expression {
        AttrExp::Present(_) => {
            let known = target.map(|target| attr_ref(&target, target.sub.unwrap_or(target.attribute)));
            Ok(Filter::Present {
                path: known.map_or_else(|| FilterPath::Unknown(text.to_owned()), FilterPath::Known),
            })
        }
        AttrExp::Comparison(_, op, literal) => {
            let op = compare_op(op);
            let Some(mut target) = target else {
                let value = unknown_value(literal);
                return Ok(Filter::Compare {
                    path: FilterPath::Unknown(text.to_owned()),
                    op,
                    value,
                });
            };
            let mut leaf = target.sub.unwrap_or(target.attribute);
            if leaf.is_complex() {
                // `emails co "example.com"` means the values (RFC 7644 §3.4.2.2, examples).
                let Some(value) = leaf.sub("value") else {
                    return Err(ScimError::invalid_filter(format!("{text:?} has no single value to compare.")));
                };
                target.path.sub = Some(value.name.to_string());
                leaf = value;
            }
            let value = typed_value(literal, op, leaf, text)?;
            Ok(Filter::Compare {
                path: FilterPath::Known(attr_ref(&target, leaf)),
                op,
                value,
            })
        }
    }
}

fn compare_op(op: &grammar::CompareOp) -> CompareOp {
    match op {
        grammar::CompareOp::Eq => CompareOp::Eq,
        grammar::CompareOp::Ne => CompareOp::Ne,
        grammar::CompareOp::Co => CompareOp::Co,
        grammar::CompareOp::Sw => CompareOp::Sw,
        grammar::CompareOp::Ew => CompareOp::Ew,
        grammar::CompareOp::Gt => CompareOp::Gt,
        grammar::CompareOp::Ge => CompareOp::Ge,
        grammar::CompareOp::Lt => CompareOp::Lt,
        grammar::CompareOp::Le => CompareOp::Le,
    }
}

impl CompareOp {
    const fn is_equality(self) -> bool {
        matches!(self, Self::Eq | Self::Ne)
    }

    const fn is_order(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }
}

fn literal_text(literal: &CompValue) -> Option<String> {
    match literal {
        CompValue::Null => None,
        CompValue::True => Some("true".to_owned()),
        CompValue::False => Some("false".to_owned()),
        CompValue::Number(number) => Some(number.to_string()),
        CompValue::Str(text) => Some(text.clone()),
    }
}

fn unknown_value(literal: &CompValue) -> CompareValue {
    literal_text(literal).map_or(CompareValue::Null, CompareValue::Text)
}

/// Gives a literal the type of the attribute; refuses comparisons the type does not have (RFC 7644 table 3).
fn typed_value(literal: &CompValue, op: CompareOp, leaf: &Attribute, text: &str) -> Result<CompareValue, ScimError> {
    let unsupported = || {
        let kind = leaf.kind.as_str();
        ScimError::invalid_filter(format!("{text:?} is of type {kind} and does not support this comparison."))
    };
    let unsuitable = || {
        let kind = leaf.kind.as_str();
        ScimError::invalid_filter(format!("{text:?} is of type {kind}, which the value compared with is not."))
    };
    let Some(literal) = literal_text(literal) else {
        return if op.is_equality() {
            Ok(CompareValue::Null)
        } else {
            Err(unsupported())
        };
    };
    match leaf.kind {
        AttributeType::Boolean if !op.is_equality() => Err(unsupported()),
        // Entra writes `primary eq "True"`.
        AttributeType::Boolean => match literal.to_ascii_lowercase().as_str() {
            "true" => Ok(CompareValue::Bool(true)),
            "false" => Ok(CompareValue::Bool(false)),
            _ => Err(unsuitable()),
        },
        AttributeType::DateTime if !op.is_equality() && !op.is_order() => Err(unsupported()),
        AttributeType::DateTime => {
            let time = DateTime::parse_from_rfc3339(&literal).map_err(|_| unsuitable())?;
            Ok(CompareValue::DateTime(time.with_timezone(&Utc)))
        }
        AttributeType::Integer | AttributeType::Decimal if !op.is_equality() && !op.is_order() => Err(unsupported()),
        AttributeType::Integer | AttributeType::Decimal => {
            let number = literal.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(CompareValue::Number).ok_or_else(unsuitable)
        }
        AttributeType::Binary if op.is_order() => Err(unsupported()),
        AttributeType::String | AttributeType::Reference | AttributeType::Binary => Ok(CompareValue::Text(literal)),
        AttributeType::Complex => Err(unsupported()),
    }
}
