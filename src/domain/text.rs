//! Text that people and directories send: normal forms for comparison, and what a name may hold.
//!
//! Login names compare after NFKC and case folding with invisible characters taken out (security rule S30), so that no two
//! accounts look alike. Search words fold accents away as well.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::error::Problem;

/// The most characters of a name, login name or label (security rule S18).
pub const MAX_NAME_CHARS: usize = 256;

/// The key under which two spellings of a login name, e-mail address, role or group name count as the same: NFKC, default
/// case folding, and without characters that cannot be seen.
pub fn fold(text: &str) -> String {
    let visible = text.trim().chars().filter(|c| !is_invisible(*c));
    // Folding can take a string out of NFKC, so that it is normalised before and after (Unicode 3.13, D146).
    let folded: String = visible.nfkc().default_case_fold().nfkc().collect();
    // The dotless i and the i with a combining dot are typed for an i in look-alike names; neither folds by itself.
    folded.replace('\u{131}', "i").replace("i\u{307}", "i")
}

/// The words of a text for search: case- and accent-folded, split at everything that is neither letter nor digit, without
/// doubles, each at most 64 characters.
pub fn search_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for text in texts {
        let folded: String = fold(text).nfd().filter(|c| !is_combining_mark(*c)).collect();
        for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let word: String = word.chars().take(64).collect();
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Characters that take no room of their own or turn the reading direction: zero-width, bidirectional controls, joiners,
/// variation selectors, soft hyphen.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name as it is stored: NFC, trimmed, at most [`MAX_NAME_CHARS`] characters, no control characters (security rule S18).
///
/// # Errors
/// The [`Problem`] with the text.
pub fn name(text: &str) -> Result<String, Problem> {
    let text: String = text.trim().nfc().collect();
    if text.chars().all(|c| is_invisible(c) || c.is_whitespace()) {
        return Err(Problem::Required);
    }
    bounded(&text)?;
    Ok(text)
}

/// Like [`name`], where nothing (or blanks) means absent.
///
/// # Errors
/// The [`Problem`] with the text.
pub fn optional_name(text: &str) -> Result<Option<String>, Problem> {
    if text.trim().is_empty() {
        Ok(None)
    } else {
        name(text).map(Some)
    }
}

/// Checks length and control characters of text that is kept as it was sent.
///
/// # Errors
/// [`Problem::TooLong`] or [`Problem::ControlCharacters`].
pub fn bounded(text: &str) -> Result<(), Problem> {
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(Problem::TooLong {
            max: u32::try_from(MAX_NAME_CHARS).unwrap_or(u32::MAX),
        });
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::ControlCharacters);
    }
    Ok(())
}

/// An e-mail address as it is stored: one `@`, a local part, and a domain with a dot or the name `localhost`. RFC 5321 allows
/// far more; what it allows beyond this is not used by people and is a way to disguise an address.
///
/// # Errors
/// The [`Problem`] with the text.
pub fn email(text: &str) -> Result<String, Problem> {
    let address = name(text)?;
    let Some((local, domain)) = address.split_once('@') else {
        return Err(Problem::NotAnEmail);
    };
    let domain_ok = !domain.is_empty()
        && !domain.contains("..")
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
        && (domain.contains('.') || domain == "localhost")
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let local_ok = !local.is_empty()
        && local.chars().count() <= 64
        && local.chars().all(|c| {
            !c.is_whitespace()
                && !is_invisible(c)
                && !matches!(c, '"' | '<' | '>' | '(' | ')' | ',' | ';' | ':' | '\\' | '[' | ']')
        });
    if local_ok && domain_ok {
        Ok(address)
    } else {
        Err(Problem::NotAnEmail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s30_look_alike_login_names_fold_to_one_key() {
        let key = fold("Admin@x.example");
        for twin in [
            "admin@x.example",
            "ADMIN@X.EXAMPLE",
            "ａｄｍｉｎ@x.example",
            "ad\u{200b}min@x.example",
            "adm\u{131}n@x.example",
            "admi\u{2060}n@x.example ",
            "ADM\u{130}N@x.example",
        ] {
            assert_eq!(fold(twin), key, "{twin:?}");
        }
        assert_ne!(fold("adnin@x.example"), key);
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Straße", "ΣΑΣ", "ﬁn", "É", "İstanbul", "ǅ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn search_words_fold_accents_and_split() {
        assert_eq!(
            search_words(["Åsa Øberg-Nuñez", "asa.oberg@partner.example"]),
            ["asa", "øberg", "nunez", "oberg", "partner", "example"]
        );
    }

    #[test]
    fn s18_names_are_bounded_and_without_control_characters() {
        assert_eq!(name("  Ada\u{301}  "), Ok("Ad\u{e1}".to_owned()));
        assert_eq!(name("\u{200b} "), Err(Problem::Required));
        assert_eq!(name("a\r\nBcc: x"), Err(Problem::ControlCharacters));
        assert_eq!(name(&"x".repeat(257)), Err(Problem::TooLong { max: 256 }));
    }

    #[test]
    fn addresses() {
        for good in [
            "ada@example.org",
            "o'neil+tag@sub.example.co",
            "x@localhost",
            "a_b@partner.example",
        ] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in [
            "ada",
            "@x.org",
            "a@",
            "a@b@c.org",
            "a b@c.org",
            "a@b..org",
            "a@-b.org",
            "a@b",
            "a@b.org,c@d.org",
            "<a@b.org>",
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }
}
