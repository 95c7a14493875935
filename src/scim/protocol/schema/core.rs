//! Core `User` and `Group` schemas and the common attributes (RFC 7643 §3.1, §4.1, §4.2, §8.7).
//!
//! `password` is left out on purpose: it is neither stored nor advertised.

use super::super::urn;
use super::Schema;
use super::attribute::{Attribute, AttributeType, CanonicalRule, ValueForm};

/// Purpose of the `User` resource type.
pub const USER_DESCRIPTION: &str = "User account";
/// Purpose of the `Group` resource type.
pub const GROUP_DESCRIPTION: &str = "Group of users";

fn boolean(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, AttributeType::Boolean, description)
}

/// Attributes of every resource (RFC 7643 §3.1). They belong to no schema and are not listed under `/Schemas`.
pub(super) fn common() -> Vec<Attribute> {
    let time = |name, description| Attribute::new(name, AttributeType::DateTime, description).read_only();
    vec![
        // URNs are compared without case (RFC 8141 §3.1).
        Attribute::reference("schemas", &["uri"], "URNs of the schemas in use.")
            .multi()
            .read_only()
            .always()
            .case_insensitive(),
        Attribute::string("id", "Identifier set by the server.")
            .read_only()
            .case_exact()
            .always()
            .unique(),
        Attribute::string("externalId", "Identifier set by the client.").case_exact(),
        Attribute::complex(
            "meta",
            "Resource metadata.",
            vec![
                Attribute::string("resourceType", "Name of the resource type.")
                    .read_only()
                    .case_exact(),
                time("created", "Time of creation."),
                time("lastModified", "Time of the last change."),
                Attribute::reference("location", &["uri"], "Address of the resource.").read_only(),
                Attribute::string("version", "Version of the resource.")
                    .read_only()
                    .case_exact(),
            ],
        )
        .read_only(),
    ]
}

/// The usual sub-attributes of a multi-valued attribute (RFC 7643 §2.4).
fn plural(name: &'static str, description: &'static str, value: Attribute, types: &[&'static str]) -> Attribute {
    Attribute::complex(
        name,
        description,
        vec![
            value,
            Attribute::string("display", "Human-readable name."),
            Attribute::string("type", "Function of the value.").canonical(CanonicalRule::Suggested, types.to_vec()),
            boolean("primary", "Whether this is the preferred value; true at most once."),
        ],
    )
    .multi()
}

/// The core `User` schema (RFC 7643 §4.1); `roles` are the canonical role values, none to accept any.
pub fn user(roles: &[String]) -> Schema {
    let text = Attribute::string;
    let mut attributes = vec![
        text("userName", "Unique name by which the user signs in.")
            .required()
            .unique(),
        name(),
        text("displayName", "Name to show."),
        text("nickName", "Casual name."),
        Attribute::reference("profileUrl", &["external"], "Address of the user's profile page."),
        text("title", "Job title."),
        text("userType", "Kind of account.")
            .case_exact()
            .canonical(CanonicalRule::Exact, ["Premium", "Standard"]),
        text("preferredLanguage", "Preferred languages, as in Accept-Language."),
        text("locale", "Location for formatting numbers and dates."),
        text("timezone", "Time zone in IANA form."),
        // Required in what we serve; absent on input means active.
        boolean("active", "Whether the user may sign in.").required().default(true),
    ];
    attributes.extend(contact_points());
    attributes.push(
        Attribute::complex(
            "groups",
            "Groups the user is a direct member of; changed through the groups.",
            vec![
                text("value", "Identifier of the group.").read_only().case_exact(),
                Attribute::reference("$ref", &["Group"], "Address of the group.").read_only(),
                text("display", "Name of the group.").read_only(),
                text("type", "Kind of membership.")
                    .read_only()
                    .canonical(CanonicalRule::Suggested, ["direct"]),
            ],
        )
        .multi()
        .read_only(),
    );
    attributes.push(plural(
        "entitlements",
        "Entitlements of the user.",
        text("value", "Entitlement."),
        &[],
    ));
    let role = text("value", "Role.").canonical(CanonicalRule::Folded, roles.iter().cloned());
    attributes.push(plural("roles", "Roles of the user.", role, &[]).form(ValueForm::JsonText));
    let certificate = Attribute::new("value", AttributeType::Binary, "DER certificate in Base64.").case_exact();
    attributes.push(plural("x509Certificates", "Certificates of the user.", certificate, &[]));
    Schema::new(urn::USER, "User", USER_DESCRIPTION, attributes)
}

fn name() -> Attribute {
    let text = Attribute::string;
    Attribute::complex(
        "name",
        "Parts of the user's name.",
        vec![
            text("formatted", "Full name, formatted for display."),
            text("familyName", "Last name."),
            text("givenName", "First name."),
            text("middleName", "Middle name."),
            text("honorificPrefix", "Title before the name."),
            text("honorificSuffix", "Suffix after the name."),
        ],
    )
}

fn contact_points() -> Vec<Attribute> {
    let text = Attribute::string;
    let photo = Attribute::reference("value", &["external"], "Address of a picture.");
    vec![
        plural(
            "emails",
            "E-mail addresses.",
            text("value", "E-mail address."),
            &["work", "home", "other"],
        ),
        plural(
            "phoneNumbers",
            "Telephone numbers.",
            text("value", "Telephone number, kept as sent."),
            &["work", "home", "mobile", "fax", "pager", "other"],
        ),
        plural(
            "ims",
            "Instant messaging addresses.",
            text("value", "Instant messaging address."),
            &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
        ),
        plural("photos", "Pictures of the user.", photo, &["photo", "thumbnail"]),
        Attribute::complex(
            "addresses",
            "Postal addresses.",
            vec![
                text("formatted", "Full address, formatted for display."),
                text("streetAddress", "Street and house number."),
                text("locality", "City."),
                text("region", "State or region."),
                text("postalCode", "Postal code."),
                text("country", "Country, kept as sent."),
                text("type", "Function of the address.").canonical(CanonicalRule::Suggested, ["work", "home", "other"]),
                boolean("primary", "Whether this is the preferred address; true at most once."),
            ],
        )
        .multi(),
    ]
}

/// The core `Group` schema (RFC 7643 §4.2).
pub fn group() -> Schema {
    let members = Attribute::complex(
        "members",
        "Direct members of the group.",
        vec![
            Attribute::string("value", "Identifier of the member.")
                .immutable()
                .case_exact(),
            Attribute::reference("$ref", &["User", "Group"], "Address of the member.").immutable(),
            Attribute::string("type", "Kind of member.")
                .immutable()
                .canonical(CanonicalRule::Suggested, ["User", "Group"]),
        ],
    )
    .multi();
    let display_name = Attribute::string("displayName", "Name of the group.").required();
    Schema::new(urn::GROUP, "Group", GROUP_DESCRIPTION, vec![display_name, members])
}
