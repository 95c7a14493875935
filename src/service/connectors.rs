//! Connectors: the connection to a directory, its secrets, and who a presented secret belongs to.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use subtle::ConstantTimeEq;

use super::audit::{self, Event, Target};
use super::context::{Actor, Context, RequestInfo, Services};
use super::provisioning::users::apply_settings;
use super::provisioning_log::are_writes_refused;
use super::{Error, Result, tokens};
use crate::domain::connector::{
    ConnectionCheck, ConnectionStep, ConnectorDetail, ConnectorEdit, ConnectorHealth, ConnectorKind, ConnectorSummary,
    CredentialView, MatchView, ProvisioningSettings,
};
use crate::domain::error::{FieldError, Problem};
use crate::domain::ids::{ConnectorId, CredentialId, OrganisationId};
use crate::domain::permission::Permission;
use crate::domain::provisioning::FieldChange;
use crate::domain::text::{self, fold};
use crate::store::connectors::{self, ConnectorRecord, CredentialRecord};
use crate::store::{OrgScope, Tx, folders, organisations, users};

/// A cycle of Entra takes about 40 minutes; nothing for two of them is silence.
pub const SILENT_AFTER: chrono::Duration = chrono::Duration::minutes(80);
/// The longest that an old secret may live on beside a new one.
pub const MAX_OVERLAP_HOURS: u32 = 168;

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

/// All connectors of the organisation, oldest first.
///
/// # Errors
/// [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn list(cx: &Context) -> Result<Vec<ConnectorSummary>> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    summaries(cx, &scope).await
}

/// As [`list`], for pages whose viewer may see less.
pub(in crate::service) async fn summaries(cx: &Context, scope: &OrgScope) -> Result<Vec<ConnectorSummary>> {
    let now = cx.now();
    let counts = connectors::counts(cx.store(), scope).await?;
    let live = connectors::live_credentials(cx.store(), scope, now).await?;
    let mut summaries = Vec::new();
    for record in connectors::list(cx.store(), scope).await? {
        let refuses_writes = are_writes_refused(cx.store(), scope, record.id).await?;
        summaries.push(summary(&record, refuses_writes, &counts, &live, now));
    }
    Ok(summaries)
}

/// One connector.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn get(cx: &Context, id: ConnectorId) -> Result<ConnectorDetail> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let now = cx.now();
    let record = connectors::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let credentials = connectors::list_credentials(cx.store(), &scope, id).await?;
    let counts = connectors::counts(cx.store(), &scope).await?;
    let live: Vec<CredentialRecord> = credentials
        .iter()
        .filter(|credential| credential.is_live(now))
        .cloned()
        .collect();
    let matches = connectors::list_matches(cx.store(), &scope, id).await?;
    let matched: Vec<_> = matches.iter().map(|found| found.user).collect();
    let names = users::names(cx.store(), &scope, &matched).await?;
    let refuses_writes = are_writes_refused(cx.store(), &scope, id).await?;
    let (web_redirect_uri, native_redirect_uri) = redirect_uris(&cx.services, id);
    Ok(ConnectorDetail {
        summary: summary(&record, refuses_writes, &counts, &live, now),
        version: record.version,
        scim_url: scim_url(&cx.services),
        user_name: record.user_name,
        web_redirect_uri,
        native_redirect_uri,
        credentials: credentials
            .into_iter()
            .map(|credential| credential_view(credential, now))
            .collect(),
        settings: record.settings,
        matches: matches
            .into_iter()
            .map(|found| MatchView {
                id: found.id,
                user: found.user,
                name: names.get(&found.user).cloned().unwrap_or_default(),
                user_name: found.user_name,
                external_id: found.external_id,
                first_seen_at: found.first_seen_at,
                last_seen_at: found.last_seen_at,
                times: found.times,
            })
            .collect(),
        unknown_folders: folders::unknown_values(cx.store(), &scope, id).await?,
        new_secret: None,
    })
}

fn summary(
    record: &ConnectorRecord,
    refuses_writes: bool,
    counts: &HashMap<ConnectorId, (u64, u64)>,
    live: &[CredentialRecord],
    now: DateTime<Utc>,
) -> ConnectorSummary {
    let (users, groups) = counts.get(&record.id).copied().unwrap_or_default();
    let own = live.iter().filter(|credential| credential.connector == record.id);
    // The one that is in use last: older ones end on purpose.
    let secret_expires_at = own
        .filter(|credential| credential.superseded_at.is_none())
        .map(|credential| credential.expires_at)
        .max();
    ConnectorSummary {
        id: record.id,
        kind: record.kind,
        name: record.name.clone(),
        health: health(record, refuses_writes, now),
        last_request_at: record.last_request_at,
        users,
        groups,
        secret_expires_at,
    }
}

/// The state of a connector, from what was observed: failing are one whose last request failed and one that gets nothing
/// written.
fn health(record: &ConnectorRecord, refuses_writes: bool, now: DateTime<Utc>) -> ConnectorHealth {
    match record.last_request_at {
        _ if record.is_paused => ConnectorHealth::Paused,
        None => ConnectorHealth::WaitingForFirstRequest,
        Some(_) if record.failures_in_a_row > 0 || refuses_writes => ConnectorHealth::Failing,
        Some(last) if now - last > SILENT_AFTER => ConnectorHealth::Silent,
        Some(_) => ConnectorHealth::Healthy,
    }
}

fn credential_view(record: CredentialRecord, now: DateTime<Utc>) -> CredentialView {
    CredentialView {
        id: record.id,
        prefix: tokens::shown_prefix(&record.key_id),
        is_superseded: record.superseded_at.is_some(),
        is_live: record.is_live(now),
        last_four: record.last_four,
        created_at: record.created_at,
        created_by: record.created_by,
        expires_at: record.revoked_at.unwrap_or(record.expires_at),
        last_used_at: record.last_used_at,
        last_used_ip: record.last_used_ip,
    }
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

async fn issue(tx: &Tx, cx: &Context, scope: &OrgScope, connector: ConnectorId) -> Result<SecretString> {
    let now = cx.now();
    let new = tokens::new_scim_token(cx.services.random.as_ref());
    let record = CredentialRecord {
        id: CredentialId::from_uuid(cx.new_uuid()),
        connector,
        key_id: new.key_id,
        secret_hash: new.hash,
        last_four: new.last_four,
        created_by: cx
            .person()
            .map_or_else(|_| "command line".to_owned(), |person| person.name.clone()),
        created_at: now,
        expires_at: now + cx.services.settings.scim_token_lifetime,
        superseded_at: None,
        revoked_at: None,
        last_used_at: None,
        last_used_ip: None,
    };
    connectors::create_credential(tx, scope, &record).await?;
    Ok(new.token)
}

/// Makes a new secret. The one before it works for so many more hours, any older one no more: two at most are alive.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] for the overlap, [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn rotate(cx: &Context, id: ConnectorId, overlap_hours: u32) -> Result<SecretString> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    if overlap_hours > MAX_OVERLAP_HOURS {
        return Err(Error::invalid(
            "overlap_hours",
            Problem::Malformed {
                expected: format!("a number from 0 to {MAX_OVERLAP_HOURS}"),
            },
        ));
    }
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let connector = connectors::find_for_update(&tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let live = connectors::list_credentials(&tx, &scope, id)
        .await?
        .into_iter()
        .filter(|credential| credential.is_live(now));
    for (mut credential, is_newest) in live.zip(std::iter::once(true).chain(std::iter::repeat(false))) {
        let end = if is_newest {
            now + chrono::Duration::hours(i64::from(overlap_hours))
        } else {
            now
        };
        credential.expires_at = credential.expires_at.min(end);
        credential.superseded_at = credential.superseded_at.or(Some(now));
        connectors::update_credential(&tx, &scope, &credential).await?;
    }
    let secret = issue(&tx, cx, &scope, id).await?;
    let change = FieldChange {
        field: "overlap_hours".to_owned(),
        before: None,
        after: Some(overlap_hours.to_string()),
    };
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.rotate", target(&connector), vec![change]),
    )
    .await?;
    tx.commit().await?;
    Ok(secret)
}

/// Ends a secret at once.
///
/// # Errors
/// [`Error::NotFound`], also when the secret is one of another connector; [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn revoke(cx: &Context, id: ConnectorId, credential: CredentialId) -> Result<()> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let now = cx.now();
    let tx = cx.store().begin().await?;
    let connector = connectors::find_for_update(&tx, &scope, id).await?.ok_or(Error::NotFound)?;
    let found = connectors::list_credentials(&tx, &scope, id)
        .await?
        .into_iter()
        .find(|other| other.id == credential);
    let mut record = found.ok_or(Error::NotFound)?;
    if !record.is_live(now) {
        return Ok(());
    }
    record.revoked_at = Some(now);
    connectors::update_credential(&tx, &scope, &record).await?;
    let change = FieldChange {
        field: "secret".to_owned(),
        before: Some(tokens::shown_prefix(&record.key_id)),
        after: None,
    };
    audit::record(
        &tx,
        cx,
        Some(&scope),
        Event::done("connector.revoke", target(&connector), vec![change]),
    )
    .await?;
    Ok(tx.commit().await?)
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
        let expected = "letters, digits, - and _, and not Metadata".to_owned();
        faults.push(FieldError::new("folders_extension_name", Problem::Malformed { expected }));
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
    connectors::update(&tx, &scope, &record)
        .await
        .map_err(|error| match error.into() {
            Error::Conflict { field: "name", .. } => Error::invalid("name", Problem::Taken),
            other => other,
        })?;
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
            ("adoption", format!("{:?}", settings.adoption)),
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

/// Checks step by step, from what is stored and was observed, whether provisioning can work.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConnectorsManage`].
pub async fn test(cx: &Context, id: ConnectorId) -> Result<Vec<ConnectionCheck>> {
    let scope = cx.demand(Permission::ConnectorsManage)?;
    let now = cx.now();
    let record = connectors::find(cx.store(), &scope, id).await?.ok_or(Error::NotFound)?;
    let organisation = organisations::get(cx.store(), &scope).await?;
    let live: Vec<_> = connectors::list_credentials(cx.store(), &scope, id)
        .await?
        .into_iter()
        .filter(|credential| credential.is_live(now))
        .collect();
    let check = |step: ConnectionStep, passed: bool, detail: String| ConnectionCheck { step, passed, detail };
    let enabled = match (record.is_paused, organisation.has_enterprise_toolkit) {
        (true, _) => check(ConnectionStep::Enabled, false, "The connector is paused.".to_owned()),
        (false, false) => check(ConnectionStep::Enabled, false, "The Enterprise Toolkit is off.".to_owned()),
        (false, true) => check(
            ConnectionStep::Enabled,
            true,
            "The connector answers its directory.".to_owned(),
        ),
    };
    let secret = match live.as_slice() {
        [] => check(
            ConnectionStep::LiveSecret,
            false,
            "No secret is alive. Rotate to make one.".to_owned(),
        ),
        [newest, ..] => {
            let days = (newest.expires_at - now).num_days();
            check(
                ConnectionStep::LiveSecret,
                true,
                format!("{} alive; the newest ends in {days} days.", live.len()),
            )
        }
    };
    // The directory's test query, carried out here as that directory would see it.
    let actor = Actor::Connector {
        scope,
        connector: id,
        name: record.name.clone(),
        credential: live
            .first()
            .map_or_else(|| CredentialId::from_uuid(uuid::Uuid::nil()), |credential| credential.id),
    };
    let as_directory = Context::new(cx.services.clone(), cx.request.clone(), actor);
    let probe = crate::domain::filter::Filter::Compare {
        attribute: crate::domain::filter::UserAttribute::UserName,
        operator: crate::domain::filter::Operator::Equal,
        operand: crate::domain::filter::Operand::Text(cx.new_uuid().to_string()),
    };
    let answers = match super::provisioning::users::list(&as_directory, &probe, 0, 1).await {
        Ok(found) if found.total == 0 => check(
            ConnectionStep::AnswersTestQuery,
            true,
            format!(
                "{} answers a query for an unknown user with an empty list.",
                scim_url(&cx.services)
            ),
        ),
        Ok(_) => check(
            ConnectionStep::AnswersTestQuery,
            false,
            "A query for an unknown user found somebody.".to_owned(),
        ),
        Err(error) => check(
            ConnectionStep::AnswersTestQuery,
            false,
            format!("A query for an unknown user failed: {error}."),
        ),
    };
    let unknown = tokens::new_scim_token(cx.services.random.as_ref());
    let refused = connectors::authenticate(cx.store(), &unknown.key_id).await?.is_none();
    let refuses = check(
        ConnectionStep::RefusesWrongSecret,
        refused,
        "A secret that was never issued is refused.".to_owned(),
    );
    let writes_refused = are_writes_refused(cx.store(), &scope, id).await?;
    let traffic = match (record.last_success_at, record.last_request_at) {
        (Some(_), _) if record.failures_in_a_row == 0 && writes_refused => check(
            ConnectionStep::DirectoryTraffic,
            false,
            "The directory's requests arrive, and everything that it wants to write is refused. The provisioning log says why."
                .to_owned(),
        ),
        (Some(_), _) if record.failures_in_a_row == 0 => check(
            ConnectionStep::DirectoryTraffic,
            true,
            "The directory's last request was answered well.".to_owned(),
        ),
        (_, Some(_)) => check(
            ConnectionStep::DirectoryTraffic,
            false,
            format!(
                "The directory's last {} requests failed. The provisioning log says why.",
                record.failures_in_a_row
            ),
        ),
        (_, None) => check(
            ConnectionStep::DirectoryTraffic,
            false,
            "Nothing has arrived from the directory yet.".to_owned(),
        ),
    };
    Ok(vec![enabled, secret, answers, refuses, traffic])
}

/// A secret as a directory presents it.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// `Authorization: Bearer …`
    Bearer(&'a str),
    /// `Authorization: Basic …`, decoded.
    Basic {
        /// The connector's user name.
        user_name: &'a str,
        /// The secret.
        password: &'a str,
    },
}

/// A directory that has shown its secret.
pub struct Authenticated {
    /// To act for it.
    pub context: Context,
    /// The connector's organisation.
    pub organisation: OrganisationId,
    /// The connector.
    pub connector: ConnectorId,
    /// The secret.
    pub credential: CredentialId,
    /// When the secret's last use was noted.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Where directories send SCIM requests; addresses of resources begin so.
    pub scim_url: String,
}

/// Who a presented secret belongs to.
///
/// # Errors
/// [`Error::Unauthenticated`] for everything but a live secret of a connector that is not paused, in an organisation that is
/// active and has the Enterprise Toolkit.
pub async fn authenticate(services: &Services, request: RequestInfo, presented: Presented<'_>) -> Result<Authenticated> {
    let (token, user_name) = match presented {
        Presented::Bearer(token) => (token, None),
        Presented::Basic { user_name, password } => (password, Some(user_name)),
    };
    let key_id = tokens::scim_key_id(token).ok_or(Error::Unauthenticated)?;
    let found = connectors::authenticate(&services.store, key_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let is_named = user_name.is_none_or(|name| name.as_bytes().ct_eq(found.connector.user_name.as_bytes()).into());
    let is_open = found.is_organisation_open && !found.connector.is_paused && found.credential.is_live(services.clock.now());
    if !(tokens::matches(token, &found.credential.secret_hash) && is_named && is_open) {
        return Err(Error::Unauthenticated);
    }
    let actor = Actor::Connector {
        scope: found.scope,
        connector: found.connector.id,
        name: found.connector.name.clone(),
        credential: found.credential.id,
    };
    Ok(Authenticated {
        context: Context::new(services.clone(), request, actor),
        organisation: found.scope.organisation(),
        connector: found.connector.id,
        credential: found.credential.id,
        last_used_at: found.credential.last_used_at,
        scim_url: scim_url(services),
    })
}
