//! What is asked: method and path as one value (RFC 7644 §3.2, table 1).

use axum::http::{Method, StatusCode};

use super::super::error::Failure;
use super::super::log::Operation;
use super::super::protocol::ScimError;

/// A resource type with a collection of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
}

/// A discovery document (RFC 7644 §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Document {
    ServiceProviderConfig,
    ResourceTypes,
    ResourceType(String),
    Schemas,
    Schema(String),
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    List(Kind),
    Search(Kind),
    Read(Kind, String),
    Create(Kind),
    Replace(Kind, String),
    Update(Kind, String),
    Delete(Kind, String),
    Discover(Document),
}

/// An address, whatever is done there.
enum Place {
    Collection(Kind),
    Search(Kind),
    Resource(Kind, String),
    Document(Document),
    /// Part of the protocol that is not offered.
    Unsupported(&'static str),
    Nowhere,
}

impl Action {
    /// Reads method and path.
    ///
    /// # Errors
    /// 404 for an address that does not exist, 405 for a method that it does not have, 501 for a part of the protocol that
    /// is not offered.
    pub fn parse(method: &Method, path: &str) -> Result<Self, Failure> {
        // A server that answers GET answers HEAD (RFC 9110 §9.1).
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        match (place(path), method) {
            (Place::Collection(kind), "GET") => Ok(Self::List(kind)),
            (Place::Collection(kind), "POST") => Ok(Self::Create(kind)),
            (Place::Collection(_), _) => Err(Failure::MethodNotAllowed("GET, HEAD, POST")),
            (Place::Search(kind), "POST") => Ok(Self::Search(kind)),
            (Place::Search(_), _) => Err(Failure::MethodNotAllowed("POST")),
            (Place::Resource(kind, id), "GET") => Ok(Self::Read(kind, id)),
            (Place::Resource(kind, id), "PUT") => Ok(Self::Replace(kind, id)),
            (Place::Resource(kind, id), "PATCH") => Ok(Self::Update(kind, id)),
            (Place::Resource(kind, id), "DELETE") => Ok(Self::Delete(kind, id)),
            (Place::Resource(..), _) => Err(Failure::MethodNotAllowed("GET, HEAD, PUT, PATCH, DELETE")),
            (Place::Document(document), "GET") => Ok(Self::Discover(document)),
            (Place::Document(_), _) => Err(Failure::MethodNotAllowed("GET, HEAD")),
            (Place::Unsupported(what), _) => Err(ScimError::not_implemented(format!("{what} is not supported.")).into()),
            (Place::Nowhere, _) => Err(ScimError::not_found("There is nothing at this address.").into()),
        }
    }

    /// What the provisioning log calls it.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::List(_) | Self::Search(_) => Operation::Query,
            Self::Read(..) => Operation::Read,
            Self::Create(_) => Operation::Create,
            Self::Replace(..) => Operation::Replace,
            Self::Update(..) => Operation::Update,
            Self::Delete(..) => Operation::Delete,
            Self::Discover(_) => Operation::Discover,
        }
    }

    /// Whether it has a body that is read.
    pub const fn has_body(&self) -> bool {
        match self {
            Self::Search(_) | Self::Create(_) | Self::Replace(..) | Self::Update(..) => true,
            Self::List(_) | Self::Read(..) | Self::Delete(..) | Self::Discover(_) => false,
        }
    }

    /// The status of success.
    pub const fn success(&self, has_attributes: bool) -> StatusCode {
        match self {
            Self::Create(_) => StatusCode::CREATED,
            Self::Delete(..) => StatusCode::NO_CONTENT,
            // A group's answer would be its member list; with `attributes` there must be one (RFC 7644 §3.5.2).
            Self::Update(Kind::Group, _) if !has_attributes => StatusCode::NO_CONTENT,
            Self::List(_) | Self::Search(_) | Self::Read(..) | Self::Replace(..) | Self::Update(..) | Self::Discover(_) => {
                StatusCode::OK
            }
        }
    }
}

fn place(path: &str) -> Place {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Option<Vec<String>> = path.split('/').map(decode).collect();
    let Some(segments) = segments else { return Place::Nowhere };
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["Users"] => Place::Collection(Kind::User),
        ["Groups"] => Place::Collection(Kind::Group),
        ["Users", ".search"] => Place::Search(Kind::User),
        ["Groups", ".search"] => Place::Search(Kind::Group),
        ["Users", id] => Place::Resource(Kind::User, (*id).to_owned()),
        ["Groups", id] => Place::Resource(Kind::Group, (*id).to_owned()),
        ["ServiceProviderConfig"] => Place::Document(Document::ServiceProviderConfig),
        ["ResourceTypes"] => Place::Document(Document::ResourceTypes),
        ["ResourceTypes", name] => Place::Document(Document::ResourceType((*name).to_owned())),
        ["Schemas"] => Place::Document(Document::Schemas),
        ["Schemas", id] => Place::Document(Document::Schema((*id).to_owned())),
        ["Bulk"] => Place::Unsupported("Bulk"),
        ["Me", ..] => Place::Unsupported("/Me"),
        [".search"] | [""] => Place::Unsupported("A query over all resource types"),
        _ => Place::Nowhere,
    }
}

/// Percent-decodes a path segment: clients encode the colons of a URN. None when it is not UTF-8 then.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = |digit: Option<u8>| char::from(digit?).to_digit(16);
            let (high, low) = (hex(rest.next())?, hex(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(method: &str, path: &str) -> Result<Action, u16> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Action::parse(&method, path).map_err(|failure| failure.reply("").0.status)
    }

    #[test]
    fn addresses_and_methods() {
        let id = || "1".to_owned();
        for (method, path, expected) in [
            ("GET", "/Users", Ok(Action::List(Kind::User))),
            ("HEAD", "/Users/", Ok(Action::List(Kind::User))),
            ("POST", "/Groups", Ok(Action::Create(Kind::Group))),
            ("POST", "/Users/.search", Ok(Action::Search(Kind::User))),
            ("GET", "/Users/1", Ok(Action::Read(Kind::User, id()))),
            ("PUT", "/Groups/1", Ok(Action::Replace(Kind::Group, id()))),
            ("PATCH", "/Users/1/", Ok(Action::Update(Kind::User, id()))),
            ("DELETE", "/Users/%31", Ok(Action::Delete(Kind::User, id()))),
            (
                "GET",
                "/Schemas/urn%3Aa%3ab",
                Ok(Action::Discover(Document::Schema("urn:a:b".to_owned()))),
            ),
            (
                "GET",
                "/ServiceProviderConfig",
                Ok(Action::Discover(Document::ServiceProviderConfig)),
            ),
            ("PUT", "/Users", Err(405)),
            ("OPTIONS", "/Users", Err(405)),
            ("TRACE", "/Users/1", Err(405)),
            ("GET", "/Users/.search", Err(405)),
            ("POST", "/Schemas", Err(405)),
            ("POST", "/Bulk", Err(501)),
            ("GET", "/Me", Err(501)),
            ("POST", "/.search", Err(501)),
            ("GET", "/", Err(501)),
            ("GET", "", Err(501)),
            ("GET", "/users", Err(404)),
            ("GET", "//Users", Err(404)),
            ("GET", "/Users/1/2", Err(404)),
            ("GET", "/Users/../Groups", Err(404)),
            ("GET", "/Users/%2", Err(404)),
            ("GET", "/Users/%ff", Err(404)),
            ("GET", "/nope", Err(404)),
        ] {
            assert_eq!(parse(method, path), expected, "{method} {path}");
        }
    }
}
