//! One attribute and its characteristics (RFC 7643 §2.2, §2.3).

use std::borrow::Cow;

use serde_json::Value;

/// Data type (RFC 7643 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttributeType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// Number with a fraction.
    Decimal,
    /// Whole number.
    Integer,
    /// RFC 3339 time.
    DateTime,
    /// Base64 text.
    Binary,
    /// URI of another resource or of something outside.
    Reference,
    /// Object with sub-attributes.
    Complex,
}

impl AttributeType {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

/// Who may change a value, and when (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mutability {
    /// Only the server.
    ReadOnly,
    /// Anybody, any time.
    ReadWrite,
    /// Set once.
    Immutable,
    /// Set but never shown.
    WriteOnly,
}

impl Mutability {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// When an attribute is part of an answer (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Returned {
    /// In every answer.
    Always,
    /// In no answer.
    Never,
    /// Unless the client asks otherwise.
    Default,
    /// Only when asked for.
    Request,
}

impl Returned {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Default => "default",
            Self::Request => "request",
        }
    }
}

/// Scope within which a value may occur once (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Uniqueness {
    /// Anywhere, any number of times.
    None,
    /// Once on this server.
    Server,
    /// Once in the world.
    Global,
}

impl Uniqueness {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}

/// What canonical values mean for input. RFC 7643 §7 lets a server restrict itself to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CanonicalRule {
    /// Suggestions; other values are kept.
    Suggested,
    /// Other values, and other spellings, are refused.
    Exact,
    /// Compared without case and stored in the canonical spelling; other values are refused.
    Folded,
}

/// Forms beyond the declared type in which clients send the attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueForm {
    /// None.
    Plain,
    /// A list that may also come as one comma-joined string, which then is the whole set whatever the operation.
    CommaSet {
        /// An array `add` replaces the set too, for tenants that always send the whole array.
        add_replaces: bool,
    },
    /// Elements whose `value` may be a JSON object written as text, as Entra sends app roles.
    JsonText,
    /// Text into which numbers and booleans are converted.
    Text,
}

/// An attribute with its characteristics.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Name in canonical spelling.
    pub name: Cow<'static, str>,
    /// Human-readable purpose.
    pub description: Cow<'static, str>,
    /// Data type.
    pub kind: AttributeType,
    /// Whether it holds a list.
    pub multi_valued: bool,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether case matters in comparisons.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is part of an answer.
    pub returned: Returned,
    /// Where its value must be unique.
    pub uniqueness: Uniqueness,
    /// Values known in advance.
    pub canonical_values: Vec<Cow<'static, str>>,
    /// Whether other values are accepted.
    pub canonical_rule: CanonicalRule,
    /// What a reference may point to.
    pub reference_types: Vec<Cow<'static, str>>,
    /// Sub-attributes of a complex attribute.
    pub sub_attributes: Vec<Attribute>,
    /// Further input forms.
    pub form: ValueForm,
    /// What absence in a POST or PUT body means.
    pub default: Option<Value>,
}

impl Attribute {
    /// An attribute with the defaults of RFC 7643 §2.2.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: AttributeType, description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            kind,
            multi_valued: false,
            required: false,
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            canonical_values: Vec::new(),
            canonical_rule: CanonicalRule::Suggested,
            reference_types: Vec::new(),
            sub_attributes: Vec::new(),
            form: ValueForm::Plain,
            default: None,
        }
    }

    /// A text attribute.
    pub fn string(name: impl Into<Cow<'static, str>>, description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, AttributeType::String, description)
    }

    /// A complex attribute.
    pub fn complex(name: &'static str, description: &'static str, sub_attributes: Vec<Attribute>) -> Self {
        Self {
            sub_attributes,
            ..Self::new(name, AttributeType::Complex, description)
        }
    }

    /// A reference; URIs are case-exact (RFC 7643 §2.3.7).
    pub fn reference(name: &'static str, types: &[&'static str], description: &'static str) -> Self {
        let reference_types = types.iter().map(|&kind| kind.into()).collect();
        Self {
            reference_types,
            case_exact: true,
            ..Self::new(name, AttributeType::Reference, description)
        }
    }

    /// Holds a list.
    pub fn multi(self) -> Self {
        Self {
            multi_valued: true,
            ..self
        }
    }

    /// Must be present.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Case matters.
    pub fn case_exact(self) -> Self {
        Self {
            case_exact: true,
            ..self
        }
    }

    /// Case does not matter.
    pub fn case_insensitive(self) -> Self {
        Self {
            case_exact: false,
            ..self
        }
    }

    /// Only the server writes it.
    pub fn read_only(self) -> Self {
        Self {
            mutability: Mutability::ReadOnly,
            ..self
        }
    }

    /// Set once.
    pub fn immutable(self) -> Self {
        Self {
            mutability: Mutability::Immutable,
            ..self
        }
    }

    /// Part of every answer.
    pub fn always(self) -> Self {
        Self {
            returned: Returned::Always,
            ..self
        }
    }

    /// Once per server.
    pub fn unique(self) -> Self {
        Self {
            uniqueness: Uniqueness::Server,
            ..self
        }
    }

    /// Known values and what they mean for input.
    pub fn canonical<V: Into<Cow<'static, str>>>(self, rule: CanonicalRule, values: impl IntoIterator<Item = V>) -> Self {
        Self {
            canonical_values: values.into_iter().map(Into::into).collect(),
            canonical_rule: rule,
            ..self
        }
    }

    /// Further input forms.
    pub fn form(self, form: ValueForm) -> Self {
        Self { form, ..self }
    }

    /// What absence means.
    pub fn default(self, value: impl Into<Value>) -> Self {
        Self {
            default: Some(value.into()),
            ..self
        }
    }

    /// Finds a sub-attribute; names are case-insensitive, as in Entra's `emails[type eq "other"].Value`.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        self.sub_attributes
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// Whether clients may not write it.
    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }

    /// Whether it is an object or a list of objects.
    pub fn is_complex(&self) -> bool {
        self.kind == AttributeType::Complex
    }
}
