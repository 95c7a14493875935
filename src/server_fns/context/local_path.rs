//! Where a redirect may lead: a path of ours, whatever was asked for (security rule S15).

/// The path when it is one of ours, else Home.
///
/// Browsers read `\` as `/`, drop tabs and line breaks, and servers on the way may decode once more: a path that could become
/// the address of another host in any of these ways is refused. So are server functions and files, which are no pages.
pub fn local_path(asked: &str) -> String {
    if is_local_page(asked) {
        asked.to_owned()
    } else {
        "/".to_owned()
    }
}

fn is_local_page(asked: &str) -> bool {
    // No page of ours has a longer address; what is not visible ASCII stands percent-encoded in an address.
    if asked.len() > 2_048 || !asked.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        return false;
    }
    let Some(rest) = asked.strip_prefix('/') else { return false };
    if rest.starts_with('/') || asked.contains('\\') || asked.contains('#') {
        return false;
    }
    let path = asked.split('?').next().unwrap_or_default();
    let lower = path.to_ascii_lowercase();
    // `%25` hides another layer; the others are slash, backslash, dot and control characters.
    let is_encoded = ["%25", "%2f", "%5c", "%2e", "%0", "%1", "%7f"]
        .iter()
        .any(|encoded| lower.contains(encoded));
    let has_dots = path.split('/').any(|segment| segment == "." || segment == "..");
    let is_no_page = ["/api/", "/scim", "/pkg/"].iter().any(|prefix| lower.starts_with(prefix));
    !(is_encoded || has_dots || is_no_page || path.contains("//") || path.contains('@') || path.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s15_pages_of_ours_are_kept() {
        for page in [
            "/",
            "/users",
            "/users?search=a%20b&sort=name",
            "/users/0193a2b4-c5d6-7e8f-9012-3456789abcde",
            "/audit?action=user.create",
            "/users?q=%2F%2Fa",
            "/?x=1",
        ] {
            assert_eq!(local_path(page), page);
        }
    }

    #[test]
    fn s15_everything_else_leads_home() {
        let long = format!("/{}", "a".repeat(3_000));
        let payloads = [
            "",
            "users",
            "//evil.org",
            "///evil.org",
            "////evil.org/%2f..",
            "/\\evil.org",
            "\\/evil.org",
            "\\\\evil.org",
            "/\t/evil.org",
            "/\n/evil.org",
            "/\r\nLocation: https://evil.org",
            "/ /evil.org",
            " //evil.org",
            "\t//evil.org",
            "\u{0}/evil.org",
            "/\u{7f}/evil.org",
            "https://evil.org",
            "HTTPS://evil.org",
            "https:evil.org",
            "https:/evil.org",
            "http://localhost:3000@evil.org",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "mailto:a@evil.org",
            "/%2f/evil.org",
            "/%2Fevil.org",
            "/%5cevil.org",
            "/%5Cevil.org",
            "/%252fevil.org",
            "/%09/evil.org",
            "/%0d%0aSet-Cookie:x=1",
            "/%2e%2e/evil.org",
            "/.//evil.org",
            "/..//evil.org",
            "/../evil.org",
            "/./users",
            "/users/../../evil",
            "/@evil.org",
            "/users//evil.org",
            "/#//evil.org",
            "/users\u{202e}",
            "/\u{2215}\u{2215}evil.org",
            "/\u{ff0f}evil.org",
            "/api/users/delete",
            "/API/users/delete",
            "/scim/v2/Users",
            "/pkg/lanyard.js",
            "?next=//evil.org",
            "#",
            ".",
            "..",
            &long,
        ];
        assert!(payloads.len() >= 40);
        for payload in payloads {
            assert_eq!(local_path(payload), "/", "{payload:?}");
        }
    }
}
