//! Names within sentences, as server and browser write them.

/// A name as part of a sentence. A name on its own stands in an element that keeps it apart from what is beside it; in a sentence
/// it loses the characters that turn the reading direction, and is kept apart where its letters turn it (security rule S18).
pub fn in_sentence(name: &str) -> String {
    let shown: String = name.chars().filter(|c| !is_direction_control(*c)).collect();
    if shown.chars().any(is_right_to_left) {
        format!("\u{2068}{shown}\u{2069}")
    } else {
        shown
    }
}

/// Unicode Standard Annex #9, table 4: formatting characters of the bidirectional algorithm.
fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Blocks of the scripts that are written from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s18_a_name_in_a_sentence_turns_nothing_around() {
        assert_eq!(in_sentence("Ada O'Neil"), "Ada O'Neil");
        assert_eq!(in_sentence("a\u{202e}b\u{2066}c\u{2069}d\u{200f}"), "abcd");
        assert_eq!(in_sentence("\u{5d0}\u{5d1}"), "\u{2068}\u{5d0}\u{5d1}\u{2069}");
        // A name does not end what keeps it apart.
        assert_eq!(in_sentence("\u{2069}\u{5d0}"), "\u{2068}\u{5d0}\u{2069}");
    }
}
