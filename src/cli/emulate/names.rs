//! Words for the sample tenant: with accents, apostrophes and other letters that a server must give back unchanged.

/// Given names.
pub const GIVEN: &[&str] = &[
    "Ada",
    "Alan",
    "Zoë",
    "Grace",
    "Søren",
    "Katherine",
    "Edsger",
    "Barbara",
    "Łukasz",
    "Radia",
    "Donald",
    "Frances",
    "José",
    "Margaret",
    "Tim",
    "Hedy",
    "Linus",
    "Annie",
    "Dennis",
    "Jean",
    "Nguyễn",
    "Mary",
    "Ken",
    "Sophie",
    "Yukihiro",
    "Karen",
];

/// Family names.
pub const SURNAMES: &[&str] = &[
    "Lovelace",
    "Turing",
    "O'Brien",
    "Hopper",
    "Kierkegaard",
    "Johnson",
    "Dijkstra",
    "Liskov",
    "Nowak",
    "Perlman",
    "Knuth",
    "Allen",
    "Núñez",
    "Hamilton",
    "van der Berg",
    "Lamarr",
    "Müller",
    "Easley",
    "Ritchie",
    "Bartik",
    "Trần",
    "Jackson",
    "Thompson",
    "Wilson-Smith",
    "Matsumoto",
    "McDonald",
];

/// Job titles.
pub const TITLES: &[&str] = &[
    "Engineer",
    "Senior Engineer",
    "Accountant",
    "Sales Manager",
    "Counsel, Legal & Privacy",
    "Support Specialist",
    "Designer",
    "Product Owner",
    "Head of R&D",
    "Analyst",
];

/// Departments.
pub const DEPARTMENTS: &[&str] = &[
    "R&D",
    "Finance",
    "Sales",
    "Legal",
    "Support",
    "Design",
    "Operations",
    "People",
];

/// Street names.
pub const STREETS: &[&str] = &[
    "Main St.",
    "NE 8th Street",
    "Rue de l'Église",
    "Königsallee",
    "Broadway",
    "High Street",
];

/// City, state, postal code and country; the country is free text in Entra.
pub const PLACES: &[(&str, &str, &str, &str)] = &[
    ("Redmond", "WA", "98052", "United States"),
    ("Düsseldorf", "NRW", "40212", "Germany"),
    ("København", "", "1050", "Denmark"),
    ("London", "", "EC1A 1BB", "United Kingdom"),
    ("Montréal", "Québec", "H2X 1Y4", "Canada"),
];

/// Languages as `Accept-Language` writes them.
pub const LANGUAGES: &[&str] = &["en-US", "de-DE", "fr-CA", "da", "en-GB"];

/// Folder names.
pub const FOLDERS: &[&str] = &[
    "Contracts",
    "Finance 2026",
    "Blueprints",
    "Onboarding",
    "Board & Owners",
    "Site Plans",
];

/// Group names.
pub const GROUPS: &[&str] = &[
    "All Employees",
    "Engineering",
    "Sales EMEA",
    "Finance",
    "Legal & Privacy",
    "Support",
    "Design",
    "Project Apollo",
    "Managers",
    "Operations",
];

/// A name as it appears in a user name: letters without marks, everything else dropped, capitals and apostrophes kept.
#[must_use]
pub fn ascii(name: &str) -> String {
    name.chars()
        .filter_map(|letter| match letter {
            'ë' | 'é' | 'ễ' => Some('e'),
            'ø' => Some('o'),
            'Ł' => Some('L'),
            'ü' | 'ú' => Some('u'),
            'ñ' => Some('n'),
            'ầ' => Some('a'),
            '\'' | '-' => Some(letter),
            _ if letter.is_ascii_alphanumeric() => Some(letter),
            _ => None,
        })
        .collect()
}
