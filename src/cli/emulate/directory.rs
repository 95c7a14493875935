//! A deterministic sample tenant: the people and groups that "Entra" holds.
//!
//! User `i` depends only on the seed and on `i`, so `--users 200` begins with the same twenty people as `--users 20`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dice::Dice;
use super::names;

/// Access roles as app roles of the enterprise application.
pub const ROLES: [&str; 4] = ["ReadOnly", "User", "Admin", "EnterpriseAdmin"];

/// A user as the source directory holds it. Field names follow Microsoft Graph.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceUser {
    /// `id` in Graph, `oid` in tokens; mapped to `externalId`.
    pub object_id: Uuid,
    /// Position in the tenant; selects which of the attribute shapes seen in the field is sent.
    pub shape: usize,
    /// Mapped to `userName`.
    pub user_principal_name: String,
    /// False after "block sign-in", un-assignment or soft deletion: sent as `active`.
    pub is_active: bool,
    /// Mapped to `displayName` and `name.formatted`.
    pub display_name: String,
    /// Mapped to `name.givenName`.
    pub given_name: String,
    /// Mapped to `name.familyName`.
    pub surname: String,
    /// Mapped to the work address.
    pub mail: String,
    /// Mapped to `emails[type eq "other"].Value`.
    pub proxy_address: Option<String>,
    /// Mapped to `title`.
    pub job_title: Option<String>,
    /// Mapped to the enterprise extension.
    pub department: Option<String>,
    /// Mapped to `employeeNumber` of the enterprise extension.
    pub employee_id: Option<String>,
    /// Work phone, written the way people write phone numbers.
    pub telephone: Option<String>,
    /// Mobile phone.
    pub mobile: Option<String>,
    /// Work address.
    pub street: Option<String>,
    /// Work address.
    pub city: Option<String>,
    /// Work address.
    pub state: Option<String>,
    /// Work address.
    pub postal_code: Option<String>,
    /// Work address, free text such as "United States".
    pub country: Option<String>,
    /// `physicalDeliveryOfficeName`, mapped to `addresses[type eq "other"].Formatted`.
    pub office: Option<String>,
    /// Mapped to `preferredLanguage`.
    pub preferred_language: Option<String>,
    /// `Premium` or `Standard`.
    pub user_type: Option<String>,
    /// Values of the assigned app roles.
    pub app_roles: Vec<String>,
    /// Folder references for the folders extension.
    pub folders: Vec<String>,
    /// Keys and values for the metadata extension; numbers and booleans occur.
    pub metadata: BTreeMap<String, Value>,
    /// Object id of the manager.
    pub manager: Option<Uuid>,
}

impl SourceUser {
    /// A person with nothing but the attributes every mapping has.
    #[must_use]
    pub fn plain(object_id: Uuid, user_name: &str, given_name: &str, surname: &str) -> Self {
        Self {
            object_id,
            shape: 0,
            user_principal_name: user_name.to_owned(),
            is_active: true,
            display_name: format!("{given_name} {surname}"),
            given_name: given_name.to_owned(),
            surname: surname.to_owned(),
            mail: user_name.to_owned(),
            proxy_address: None,
            job_title: None,
            department: None,
            employee_id: None,
            telephone: None,
            mobile: None,
            street: None,
            city: None,
            state: None,
            postal_code: None,
            country: None,
            office: None,
            preferred_language: None,
            user_type: None,
            app_roles: Vec::new(),
            folders: Vec::new(),
            metadata: BTreeMap::new(),
            manager: None,
        }
    }
}

/// A group as the source directory holds it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceGroup {
    /// `id` in Graph; mapped to `externalId`.
    pub object_id: Uuid,
    /// Mapped to `displayName`, the matching attribute of groups.
    pub display_name: String,
    /// Object ids of the direct members.
    pub members: Vec<Uuid>,
}

/// What to generate.
#[derive(Debug, Clone)]
pub struct DirectoryOptions {
    /// Decides everything that is not given below.
    pub seed: u64,
    /// Number of users.
    pub users: usize,
    /// Number of groups.
    pub groups: usize,
    /// Domain of user names and mail addresses.
    pub domain: String,
    /// Put behind every group name; empty for none.
    pub group_suffix: String,
}

/// The sample tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Directory {
    /// The seed it came from.
    pub seed: u64,
    /// Short text made from the seed; part of every name that must be unique on the server.
    pub tag: String,
    /// Domain of all user names.
    pub domain: String,
    /// The people.
    pub users: Vec<SourceUser>,
    /// The groups.
    pub groups: Vec<SourceGroup>,
}

impl Directory {
    /// A tenant whose names carry a tag of the seed, so that runs with different seeds never meet on one server.
    #[must_use]
    pub fn sample(seed: u64, users: usize, groups: usize) -> Self {
        let tag = tag_of(seed);
        Self::generate(&DirectoryOptions {
            seed,
            users,
            groups,
            domain: format!("{tag}.example.org"),
            group_suffix: format!(" {tag}"),
        })
    }

    /// A tenant with a chosen domain and group names, for demonstrations.
    #[must_use]
    pub fn generate(options: &DirectoryOptions) -> Self {
        let mut users: Vec<SourceUser> = (0..options.users).map(|index| sample_user(options, index)).collect();
        let ids: Vec<Uuid> = users.iter().map(|user| user.object_id).collect();
        // A tree of five reports per manager: everybody but the first has one, and the manager comes earlier.
        for (index, user) in users.iter_mut().enumerate().skip(1) {
            user.manager = ids.get((index - 1) / 5).copied();
        }
        let groups = (0..options.groups).map(|index| sample_group(options, index, &ids)).collect();
        Self {
            seed: options.seed,
            tag: tag_of(options.seed),
            domain: options.domain.clone(),
            users,
            groups,
        }
    }
}

/// Seven letters and digits that stand for the seed in names.
fn tag_of(seed: u64) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bits = Dice::new(seed).roll();
    let mut tag = String::from("t");
    for _ in 0..7 {
        tag.push(DIGITS.get((bits & 31) as usize).copied().map_or('a', char::from));
        bits >>= 5;
    }
    tag
}

fn sample_user(options: &DirectoryOptions, index: usize) -> SourceUser {
    let mut dice = Dice::for_item(options.seed, 1, index);
    let object_id = dice.uuid();
    let given_name = dice.pick(names::GIVEN);
    let surname = dice.pick(names::SURNAMES);
    let number = index + 1;
    // A capital letter in the middle: a server that lower-cases user names does not give them back verbatim.
    let user_name = format!(
        "{}.{}{number}@{}",
        names::ascii(given_name),
        names::ascii(surname),
        options.domain
    );
    let mut user = SourceUser::plain(object_id, &user_name, given_name, surname);
    user.shape = index;
    user.proxy_address = dice
        .one_in(2)
        .then(|| format!("{}.{number}@mail.{}", names::ascii(surname), options.domain));
    user.job_title = (!dice.one_in(6)).then(|| dice.pick(names::TITLES).to_owned());
    user.department = (!dice.one_in(8)).then(|| dice.pick(names::DEPARTMENTS).to_owned());
    user.employee_id = Some(format!("{:06}", 100_000 + index * 7 + dice.below(7)));
    // Phone numbers keep their blanks, brackets and dashes: a server that tidies them up is patched again in every cycle.
    user.telephone = (!dice.one_in(5)).then(|| format!("+1 (425) 555-{:04}", dice.below(10_000)));
    user.mobile = dice
        .one_in(2)
        .then(|| format!("+44 7700 900{:03} ext. {}", dice.below(1000), dice.below(90)));
    if !dice.one_in(4) {
        let place = names::PLACES
            .get(dice.below(names::PLACES.len()))
            .copied()
            .unwrap_or_default();
        user.street = Some(format!("{} {}", 1 + dice.below(250), dice.pick(names::STREETS)));
        user.city = Some(place.0.to_owned());
        user.state = (!place.1.is_empty()).then(|| place.1.to_owned());
        user.postal_code = Some(place.2.to_owned());
        user.country = Some(place.3.to_owned());
        user.office = dice
            .one_in(2)
            .then(|| format!("Building {}, room {}", 1 + dice.below(9), 100 + dice.below(400)));
    }
    user.preferred_language = (!dice.one_in(3)).then(|| dice.pick(names::LANGUAGES).to_owned());
    user.user_type = (!dice.one_in(10)).then(|| dice.pick(&["Premium", "Standard"]).to_owned());
    user.app_roles = sample_roles(&mut dice);
    user.folders = sample_folders(&mut dice);
    user.metadata = sample_metadata(&mut dice);
    user
}

fn sample_roles(dice: &mut Dice) -> Vec<String> {
    match dice.below(10) {
        0 => Vec::new(),
        1 | 2 => vec!["ReadOnly".to_owned()],
        3 => vec!["Admin".to_owned()],
        4 => vec!["EnterpriseAdmin".to_owned()],
        _ => vec!["User".to_owned()],
    }
}

fn sample_folders(dice: &mut Dice) -> Vec<String> {
    let count = dice.below(4);
    let mut folders: Vec<String> = Vec::new();
    for _ in 0..count {
        // A folder may be named by GUID, external id or name.
        let folder = match dice.below(5) {
            0 => dice.uuid().to_string(),
            1 => format!("EXT-{:04}", dice.below(10_000)),
            _ => dice.pick(names::FOLDERS).to_owned(),
        };
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

fn sample_metadata(dice: &mut Dice) -> BTreeMap<String, Value> {
    let mut metadata = BTreeMap::new();
    if !dice.one_in(3) {
        metadata.insert("CostCenter".to_owned(), json!(format!("{}", 4000 + dice.below(900))));
    }
    // Keys with blanks and dots, numbers and booleans all occur; values are kept as text.
    if dice.one_in(3) {
        metadata.insert("Start Year".to_owned(), json!(2005 + dice.below(20)));
    }
    if dice.one_in(4) {
        metadata.insert("Site.Badge".to_owned(), json!(dice.one_in(2)));
    }
    metadata
}

fn sample_group(options: &DirectoryOptions, index: usize, users: &[Uuid]) -> SourceGroup {
    let mut dice = Dice::for_item(options.seed, 2, index);
    let name = names::GROUPS.get(index % names::GROUPS.len()).copied().unwrap_or_default();
    let round = index / names::GROUPS.len();
    let number = if round == 0 {
        String::new()
    } else {
        format!(" {}", round + 1)
    };
    let object_id = dice.uuid();
    // The first group holds everybody, as the "all employees" group of most tenants does.
    let members = users.iter().copied().filter(|_| index == 0 || dice.one_in(3)).collect();
    SourceGroup {
        object_id,
        display_name: format!("{name}{number}{}", options.group_suffix),
        members,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_people_and_more_users_change_nothing_before_them() {
        let small = Directory::sample(7, 20, 3);
        let large = Directory::sample(7, 200, 10);
        assert_eq!(small, Directory::sample(7, 20, 3));
        assert_eq!(small.users, large.users[..20]);
    }

    #[test]
    fn names_are_unique_within_a_tenant_and_between_seeds() {
        let names = |seed| -> BTreeSet<String> {
            let directory = Directory::sample(seed, 300, 25);
            let users = directory
                .users
                .into_iter()
                .map(|user| user.user_principal_name.to_lowercase());
            users
                .chain(directory.groups.into_iter().map(|group| group.display_name))
                .collect()
        };
        let (one, two) = (names(1), names(2));
        assert_eq!((one.len(), two.len()), (325, 325));
        assert!(one.is_disjoint(&two));
    }

    #[test]
    fn user_names_are_plain_ascii() {
        let directory = Directory::sample(3, 500, 0);
        assert!(directory.users.iter().all(|user| user.user_principal_name.is_ascii()));
    }

    #[test]
    fn managers_come_earlier_and_the_first_group_holds_everybody() {
        let directory = Directory::sample(3, 30, 2);
        let position = |id| directory.users.iter().position(|user| user.object_id == id);
        for (index, user) in directory.users.iter().enumerate().skip(1) {
            assert!(user.manager.and_then(position).is_some_and(|manager| manager < index));
        }
        assert_eq!(directory.groups[0].members.len(), 30);
    }
}
