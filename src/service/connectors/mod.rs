//! Connectors: the connection to a directory, its secrets, and who a presented secret belongs to.

mod authentication;
mod credentials;
mod test;
mod view;

use secrecy::SecretString;

pub use self::authentication::{Authenticated, Presented, authenticate};
use self::credentials::issue;
pub use self::credentials::{revoke, rotate};
pub use self::test::test;
pub(in crate::service) use self::view::summaries;
pub use self::view::{SILENT_AFTER, get, list};
use super::audit::{self, Event, Target};
use super::context::{Context, Services};
use super::provisioning::users::apply_settings;
use super::{Error, Result};
use crate::domain::connector::{ConnectorEdit, ConnectorKind, ProvisioningSettings};
use crate::domain::error::{FieldError, Problem};
use crate::domain::ids::ConnectorId;
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::domain::text::{self, fold};
use crate::store::connectors::{self, ConnectorRecord};
use crate::store::{organisations, users};

/// A connector that was just made, with the only copy of its secret.
pub struct Created {
    /// Its id.
    pub id: ConnectorId,
    /// The secret.
    pub secret: SecretString,
    /// Address for the directory.
    pub scim_url: String,
    /// User name for HTTP Basic.
    pub user_name: String,
    /// Redirect URI for the registration of type Web.
    pub web_redirect_uri: String,
    /// Redirect URI for the registration of type Mobile and desktop.
    pub native_redirect_uri: String,
}

/// Where directories send SCIM requests.
pub fn scim_url(services: &Services) -> String {
    format!("{}/scim/v2", services.settings.public_url)
}

fn redirect_uris(services: &Services, id: ConnectorId) -> (String, String) {
    let base = &services.settings.public_url;
    (format!("{base}/sso/{id}/callback"), format!("{base}/sso/{id}/native"))
}

/// Makes a connector with its first secret. Without a name it is called after its directory, numbered where that is taken.
///
/// # Errors
/// [`Error::ToolkitRequired`], [`Error::Invalid`] for the name, [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn create(cx: &Context, kind: ConnectorKind, name: Option<&str>) -> Result<Created> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let tx = cx.store().begin().await?;
    // Locked, so that two connectors made at once do not get one name.
    if !organisations::get_for_update(&tx, &scope).await?.has_enterprise_toolkit {
        return Err(Error::ToolkitRequired);
    }
    let now = cx.now();
    let existing = connectors::list(&tx, &scope).await?;
    let is_free = |name: &str| existing.iter().all(|other| fold(&other.name) != fold(name));
    let name = match name {
        Some(name) => text::name(name).map_err(|problem| Error::invalid("name", problem))?,
        None => std::iter::once(kind.label().to_owned())
            .chain((2..).map(|number| format!("{} {number}", kind.label())))
            .find(|name| is_free(name))
            .unwrap_or_default(),
    };
    if !is_free(&name) {
        return Err(Error::invalid("name", Problem::Taken));
    }
    let id = ConnectorId::from_uuid(cx.new_uuid());
    let record = ConnectorRecord {
        id,
        kind,
        name,
        is_paused: false,
        user_name: format!("scim-{}", id.as_uuid().simple()),
        settings: ProvisioningSettings::default(),
        last_request_at: None,
        last_success_at: None,
        failures_in_a_row: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    connectors::create(&tx, &scope, &record).await?;
    let secret = issue(&tx, cx, &scope, id).await?;
    let changes = FieldChange::between("name", None, Some(&record.name)).into_iter().collect();
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.create", target(&record), changes),
    )
    .await?;
    tx.commit().await?;
    let (web_redirect_uri, native_redirect_uri) = redirect_uris(&cx.services, id);
    Ok(Created {
        id,
        secret,
        scim_url: scim_url(&cx.services),
        user_name: record.user_name,
        web_redirect_uri,
        native_redirect_uri,
    })
}

/// Saves name and provisioning settings. They take effect at once on the users that the connector manages.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], [`Error::Invalid`], [`Error::LastAdministrator`] when the roles that the directory may
/// no longer grant are the last ones that administer, [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn update(cx: &Context, edit: ConnectorEdit) -> Result<()> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let mut faults = Vec::new();
    let name = text::name(&edit.name)
        .map_err(|problem| faults.push(FieldError::new("name", problem)))
        .unwrap_or_default();
    let extension = edit.folders_extension_name.trim().to_owned();
    // A schema URN is made of it (RFC 8141 allows little more).
    let is_plain = !extension.is_empty()
        && extension.len() <= 64
        && extension.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if !is_plain || extension.eq_ignore_ascii_case("metadata") {
        faults.push(FieldError::new("folders_extension_name", Problem::NotASchemaName));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let settings = ProvisioningSettings {
        folders_extension_name: extension,
        is_folder_add_replacing: edit.is_folder_add_replacing,
        default_user_type: edit.default_user_type,
        are_names_required: edit.are_names_required,
        may_grant_admin_roles: edit.may_grant_admin_roles,
        adoption: edit.adoption,
    };
    let tx = cx.store().begin().await?;
    let before = connectors::find_for_update(&tx, &scope, edit.id)
        .await?
        .ok_or(Error::NotFound)?;
    if before.version != edit.version {
        return Err(Error::Stale);
    }
    let record = ConnectorRecord {
        name,
        settings,
        ..before.clone()
    };
    let changes = changes_between(&before, &record);
    if changes.is_empty() {
        return Ok(());
    }
    let record = ConnectorRecord {
        version: before.version + 1,
        updated_at: cx.now(),
        ..record
    };
    connectors::update(&tx, &scope, &record).await.map_err(Error::name_taken)?;
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.update", target(&record), changes),
    )
    .await?;
    if record.settings != before.settings {
        apply_settings(&tx, cx, &scope, record.id, &record.settings).await?;
    }
    Ok(tx.commit().await?)
}

fn changes_between(before: &ConnectorRecord, after: &ConnectorRecord) -> Vec<FieldChange> {
    let fields = |record: &ConnectorRecord| {
        let settings = &record.settings;
        [
            ("name", record.name.clone()),
            ("folders_extension_name", settings.folders_extension_name.clone()),
            ("is_folder_add_replacing", settings.is_folder_add_replacing.to_string()),
            ("default_user_type", settings.default_user_type.name().to_owned()),
            ("are_names_required", settings.are_names_required.to_string()),
            ("may_grant_admin_roles", settings.may_grant_admin_roles.to_string()),
            ("adoption", settings.adoption.name().to_owned()),
        ]
    };
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter_map(|((name, old), (_, new))| FieldChange::between(name, Some(&old), Some(&new)))
        .collect()
}

/// Pauses a connector, so that its directory is refused, or lets it work again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn set_paused(cx: &Context, id: ConnectorId, is_paused: bool) -> Result<()> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let tx = cx.store().begin().await?;
    let before = connectors::find_for_update(&tx, &scope, id).await?.ok_or(Error::NotFound)?;
    if before.is_paused == is_paused {
        return Ok(());
    }
    let record = ConnectorRecord {
        is_paused,
        version: before.version + 1,
        updated_at: cx.now(),
        ..before
    };
    connectors::update(&tx, &scope, &record).await?;
    let action = if is_paused { "connector.pause" } else { "connector.resume" };
    audit::record(&tx, cx, Some(&scope), Event::done(action, target(&record), Vec::new())).await?;
    Ok(tx.commit().await?)
}

/// Removes a connector. Its users and groups stay and are kept by hand from then on. `confirmation` is its name, typed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] when not confirmed, [`Error::Conflict`] when a group kept by hand has the name of one
/// that would become so, [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn delete(cx: &Context, id: ConnectorId, confirmation: &str) -> Result<()> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let tx = cx.store().begin().await?;
    let record = connectors::find_for_update(&tx, &scope, id).await?.ok_or(Error::NotFound)?;
    if fold(confirmation) != fold(&record.name) {
        return Err(Error::invalid("confirmation", Problem::NotConfirmed));
    }
    users::release_managed(&tx, &scope, id).await?;
    connectors::delete(&tx, &scope, id).await?;
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.delete", target(&record), Vec::new()),
    )
    .await?;
    Ok(tx.commit().await?)
}

fn target(record: &ConnectorRecord) -> Target {
    Target::new("connector", record.id, record.name.clone())
}
