//! Text comparison for attributes that are not `caseExact` (RFC 7643 §2.2, RFC 7644 §5).

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// Comparison key of a text: compatibility-normalised and case-folded.
///
/// Two texts are equal for a `caseExact: false` attribute when their keys are equal: what a PATCH's value filter finds among the
/// elements of one resource. Which resources are the same, and which ones a query finds, is the business of who keeps them: names
/// there are folded further.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Folding can leave the normal form, hence the second pass.
    text.nfkc().default_case_fold().nfkc().collect()
}

/// Equality of two texts under [`fold`].
pub fn eq_folded(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    left == right || fold(left) == fold(right)
}

/// Splits off `prefix` without regard to ASCII case; SCIM names and URNs are ASCII.
pub fn strip_prefix_ignore_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) {
        text.get(prefix.len()..)
    } else {
        None
    }
}

/// The start of a client's text, for quoting it in an error.
pub fn shorten(text: &str) -> String {
    const MAX: usize = 100;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_is_case_and_width_insensitive() {
        for (left, right) in [
            ("Ada@X.org", "aDA@x.ORG"),
            ("Straße", "STRASSE"),
            ("ＡＤＡ", "ada"),
            ("Ünal", "u\u{308}nal"),
        ] {
            assert!(eq_folded(left, right), "{left} {right}");
        }
        assert!(!eq_folded("ada", "adb"));
    }

    #[test]
    fn quoted_text_is_short() {
        assert_eq!(shorten("äö"), "äö");
        assert_eq!(shorten(&"ä".repeat(5000)).chars().count(), 101);
    }

    #[test]
    fn prefix_is_compared_on_character_boundaries() {
        assert_eq!(strip_prefix_ignore_case("URN:x:rest", "urn:x:"), Some("rest"));
        assert_eq!(strip_prefix_ignore_case("ürn", "u"), None);
        assert_eq!(strip_prefix_ignore_case("a", "abc"), None);
    }
}
