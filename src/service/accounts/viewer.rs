//! Who is looking, and what they may see.

use crate::domain::account::Viewer;
use crate::domain::organisation::OrganisationRef;
use crate::domain::text::fold;
use crate::service::{Context, Result, entry};
use crate::store::{organisations, users};

/// Who is looking; none for nobody.
///
/// # Errors
/// Any database error.
///
/// # Permissions
/// Everybody, about themselves.
pub async fn find_viewer(cx: &Context) -> Result<Option<Viewer>> {
    let Ok(person) = cx.person() else { return Ok(None) };
    let mut entered = None;
    let mut enterable = Vec::new();
    for (record, scope) in users::list_of_identity(cx.store(), person.identity).await? {
        let is_current = person.membership.as_ref().is_some_and(|membership| membership.scope == scope);
        if is_current || entry::is_open_to_built_in(cx.store(), &scope, &record).await? {
            let organisation = organisations::get(cx.store(), &scope).await?;
            let shown = OrganisationRef {
                id: organisation.id,
                name: organisation.name,
            };
            if is_current {
                entered = Some(shown.clone());
            }
            enterable.push(shown);
        }
    }
    enterable.sort_by_key(|organisation| fold(&organisation.name));
    Ok(Some(Viewer {
        identity: person.identity,
        name: person.name.clone(),
        email: person.login_name.clone(),
        is_operator: person.is_operator,
        organisation: entered,
        user: person.membership.as_ref().map(|membership| membership.user),
        permissions: person
            .membership
            .as_ref()
            .map(|membership| membership.permissions.clone())
            .unwrap_or_default(),
        organisations: enterable,
    }))
}
