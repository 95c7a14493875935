//! The Home page: what needs attention first, then figures.

use super::Result;
use super::connectors::summaries;
use super::context::Context;
use crate::domain::connector::ConnectorHealth;
use crate::domain::home::{Attention, HomeView, TrafficHour};
use crate::domain::permission::Permission;
use crate::store::users::Which;
use crate::store::{OrgScope, connectors, groups, provisioning, users};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Secrets that end within so many days are told.
const WARN_DAYS: i64 = 30;
/// Hours of traffic that are shown.
const HOURS: i64 = 24;

/// What needs attention, most urgent first, and figures. What the viewer may not see is left out.
///
/// # Errors
/// [`super::Error::Forbidden`] without permission.
///
/// # Permissions
/// [`Permission::ConsoleAccess`]; connectors with [`Permission::ConnectorsManage`], gaps in accounts with
/// [`Permission::UsersManage`], traffic with [`Permission::ProvisioningRead`].
pub async fn get(cx: &Context) -> Result<HomeView> {
    let scope = cx.demand(Permission::ConsoleAccess)?;
    let may_see_users = cx.demand(Permission::UsersRead).is_ok();
    let mut attention = Vec::new();
    if cx.demand(Permission::ConnectorsManage).is_ok() {
        attention.extend(connector_attention(cx, &scope).await?);
    }
    if cx.demand(Permission::UsersManage).is_ok() {
        attention.extend(user_attention(cx, &scope).await?);
    }
    let count = async |which| {
        if may_see_users {
            users::count(cx.store(), &scope, which).await
        } else {
            Ok(0)
        }
    };
    Ok(HomeView {
        attention,
        active_users: count(Which::Active).await?,
        deactivated_users: count(Which::Deactivated).await?,
        groups: if cx.demand(Permission::GroupsRead).is_ok() {
            groups::count(cx.store(), &scope).await?
        } else {
            0
        },
        traffic: if cx.demand(Permission::ProvisioningRead).is_ok() {
            traffic(cx, &scope).await?
        } else {
            Vec::new()
        },
    })
}

async fn connector_attention(cx: &Context, scope: &OrgScope) -> Result<Vec<Attention>> {
    let now = cx.now();
    let all = summaries(cx, scope).await?;
    let mut found = Vec::new();
    for connector in &all {
        let (id, name) = (connector.id, connector.name.clone());
        match connector.health {
            ConnectorHealth::Failing => found.push(Attention::ConnectorFailing { id, name }),
            ConnectorHealth::Silent => {
                let since = connector.last_request_at.unwrap_or(now);
                found.push(Attention::ConnectorSilent { id, name, since });
            }
            ConnectorHealth::WaitingForFirstRequest | ConnectorHealth::Healthy | ConnectorHealth::Paused => {}
        }
    }
    for connector in &all {
        if let Some(at) = connector.secret_expires_at.filter(|at| (*at - now).num_days() < WARN_DAYS) {
            found.push(Attention::SecretExpires {
                id: connector.id,
                name: connector.name.clone(),
                at,
            });
        }
    }
    for connector in &all {
        let count = connectors::count_matches(cx.store(), scope, connector.id).await?;
        if count > 0 {
            found.push(Attention::OpenMatches {
                id: connector.id,
                name: connector.name.clone(),
                count,
            });
        }
    }
    if all.is_empty() {
        found.push(Attention::NoConnector);
    }
    Ok(found)
}

async fn user_attention(cx: &Context, scope: &OrgScope) -> Result<Vec<Attention>> {
    let without_role = users::count(cx.store(), scope, Which::WithoutRole).await?;
    let incomplete = users::count(cx.store(), scope, Which::Incomplete).await?;
    let without_identity = users::count(cx.store(), scope, Which::WithoutIdentity).await?;
    let all = [
        (without_identity, Attention::UsersWithoutIdentity { count: without_identity }),
        (without_role, Attention::UsersWithoutRole { count: without_role }),
        (incomplete, Attention::UsersIncomplete { count: incomplete }),
    ];
    Ok(all
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, attention)| attention)
        .collect())
}

async fn traffic(cx: &Context, scope: &OrgScope) -> Result<Vec<TrafficHour>> {
    let hour = |at: DateTime<Utc>| at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    let first = hour(cx.now()) - TimeDelta::hours(HOURS - 1);
    let mut hours: Vec<TrafficHour> = (0..HOURS)
        .map(|n| TrafficHour {
            at: first + TimeDelta::hours(n),
            succeeded: 0,
            failed: 0,
        })
        .collect();
    for (at, is_failure) in provisioning::traffic(cx.store(), scope, first).await? {
        if let Some(of) = hours.iter_mut().find(|of| of.at == hour(at)) {
            if is_failure { of.failed += 1 } else { of.succeeded += 1 }
        }
    }
    Ok(hours)
}
