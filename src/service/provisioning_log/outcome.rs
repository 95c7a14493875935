//! What answers say about the connection to a directory.

use crate::domain::ids::ConnectorId;
use crate::service::Result;
use crate::store::{OrgScope, Store, provisioning as rows};

/// What an answer says about the connection to a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It works. 404 and 409 belong to it: directories look for what is gone, and create what is there, as part of their work.
    Success,
    /// It works, and what was sent was not accepted. By itself this counts neither way: see [`are_writes_refused`].
    Refusal,
    /// It does not work: no access, too many requests, or a fault of ours.
    Failure,
}

/// By the status of an answer.
pub(super) const fn outcome(status: u16) -> Outcome {
    match status {
        401 | 403 | 429 | 500.. => Outcome::Failure,
        404 | 409 => Outcome::Success,
        400..500 => Outcome::Refusal,
        _ => Outcome::Success,
    }
}

/// So many of a connector's last requests are looked at for [`are_writes_refused`].
const LOOKED_AT: u64 = 200;
/// So many refused writes are no oddity of one person any more.
const REFUSALS: usize = 3;

/// Whether a directory gets nothing written: among its last requests at least three writes were refused and none was carried
/// out. That its queries are answered does not help it. One write that is carried out ends this, and one odd refusal does not
/// begin it.
pub(in crate::service) async fn are_writes_refused(db: &Store, scope: &OrgScope, connector: ConnectorId) -> Result<bool> {
    let recent = rows::recent_answers(db, scope, connector, LOOKED_AT).await?;
    Ok(is_refusing(&recent))
}

fn is_refusing(recent: &[(String, u16)]) -> bool {
    let writes = || {
        recent
            .iter()
            .filter(|(method, _)| matches!(method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE"))
            .map(|(_, status)| *status)
    };
    let is_refused = |status: &u16| matches!(outcome(*status), Outcome::Refusal | Outcome::Failure);
    writes().filter(is_refused).count() >= REFUSALS && !writes().any(|status| status < 400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_says_about_the_connection() {
        for (status, expected) in [
            (200, Outcome::Success),
            (201, Outcome::Success),
            (204, Outcome::Success),
            (404, Outcome::Success),
            (409, Outcome::Success),
            (400, Outcome::Refusal),
            (412, Outcome::Refusal),
            (413, Outcome::Refusal),
            (422, Outcome::Refusal),
            (401, Outcome::Failure),
            (403, Outcome::Failure),
            (429, Outcome::Failure),
            (500, Outcome::Failure),
            (503, Outcome::Failure),
        ] {
            assert_eq!(outcome(status), expected, "{status}");
        }
    }

    #[test]
    fn writes_are_refused_when_several_were_and_none_was_carried_out() {
        let table: [(&[(&str, u16)], bool); 8] = [
            (&[], false),
            (&[("GET", 200), ("POST", 400)], false),
            (&[("GET", 400), ("GET", 400), ("GET", 400)], false),
            (
                &[("POST", 400), ("GET", 200), ("PATCH", 429), ("GET", 200), ("PUT", 413)],
                true,
            ),
            (&[("POST", 400), ("POST", 400), ("POST", 400), ("PATCH", 200)], false),
            (&[("POST", 409), ("DELETE", 404), ("POST", 409), ("POST", 400)], false),
            (&[("POST", 400), ("POST", 400), ("POST", 400), ("POST", 409)], true),
            (&[("POST", 400), ("POST", 400), ("POST", 400), ("DELETE", 204)], false),
        ];
        for (recent, expected) in table {
            let recent: Vec<_> = recent
                .iter()
                .map(|(method, status)| ((*method).to_owned(), *status))
                .collect();
            assert_eq!(is_refusing(&recent), expected, "{recent:?}");
        }
    }
}
