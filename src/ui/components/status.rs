//! State words: a closed set, each with one icon and one colour, never colour alone.

use leptos::prelude::*;

use super::icon::Icon;
use super::text::I18n;
use crate::domain::audit::AuditResult;
use crate::domain::connector::ConnectorHealth;
use crate::domain::user::InvitationStatus;
use crate::i18n::*;

/// Every state that the console shows as a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the words shown")]
pub enum Status {
    Active,
    Deactivated,
    NotInvited,
    Pending,
    Accepted,
    Expired,
    Waiting,
    Healthy,
    Failing,
    Silent,
    Paused,
    Succeeded,
    Refused,
    Failed,
    External,
    Incomplete,
    On,
    Off,
    Requested,
    Live,
    Ending,
    Ended,
    UnknownValue,
}

impl Status {
    /// Active or deactivated.
    pub const fn of_account(is_active: bool) -> Self {
        if is_active { Self::Active } else { Self::Deactivated }
    }

    /// What an HTTP status means to a reader of the provisioning log.
    pub const fn of_http(status: u16) -> Self {
        match status {
            0..=399 => Self::Succeeded,
            400..=499 => Self::Refused,
            _ => Self::Failed,
        }
    }

    /// Icon and tone.
    const fn look(self) -> (&'static str, &'static str) {
        const GOOD: &str = "success";
        const WARN: &str = "warning";
        const BAD: &str = "error";
        const NEWS: &str = "info";
        const QUIET: &str = "neutral";
        match self {
            Self::Active | Self::Healthy | Self::Succeeded | Self::Accepted => ("circle-check", GOOD),
            Self::On | Self::Live => ("power", GOOD),
            Self::Deactivated | Self::Off | Self::Ended => ("power-off", QUIET),
            Self::NotInvited => ("mail", QUIET),
            Self::Pending | Self::Requested => ("clock", NEWS),
            Self::Waiting => ("clock", QUIET),
            Self::External => ("globe", NEWS),
            Self::Expired | Self::Silent | Self::Incomplete | Self::UnknownValue => ("triangle-alert", WARN),
            Self::Ending => ("clock", WARN),
            Self::Paused => ("pause", WARN),
            Self::Failing | Self::Failed => ("circle-x", BAD),
            Self::Refused => ("circle-alert", BAD),
        }
    }

    /// The word in the viewer's language.
    pub fn word(self, i18n: I18n) -> &'static str {
        match self {
            Self::Active => tu_string!(i18n, common.status.active),
            Self::Deactivated => tu_string!(i18n, common.status.deactivated),
            Self::NotInvited => tu_string!(i18n, common.status.not_invited),
            Self::Pending => tu_string!(i18n, common.status.pending),
            Self::Accepted => tu_string!(i18n, common.status.accepted),
            Self::Expired => tu_string!(i18n, common.status.expired),
            Self::Waiting => tu_string!(i18n, common.status.waiting),
            Self::Healthy => tu_string!(i18n, common.status.healthy),
            Self::Failing => tu_string!(i18n, common.status.failing),
            Self::Silent => tu_string!(i18n, common.status.silent),
            Self::Paused => tu_string!(i18n, common.status.paused),
            Self::Succeeded => tu_string!(i18n, common.status.succeeded),
            Self::Refused => tu_string!(i18n, common.status.refused),
            Self::Failed => tu_string!(i18n, common.status.failed),
            Self::External => tu_string!(i18n, common.status.external),
            Self::Incomplete => tu_string!(i18n, common.status.incomplete),
            Self::On => tu_string!(i18n, common.status.on),
            Self::Off => tu_string!(i18n, common.status.off),
            Self::Requested => tu_string!(i18n, common.status.requested),
            Self::Live => tu_string!(i18n, common.status.live),
            Self::Ending => tu_string!(i18n, common.status.ending),
            Self::Ended => tu_string!(i18n, common.status.ended),
            Self::UnknownValue => tu_string!(i18n, common.status.unknown_value),
        }
    }
}

impl From<InvitationStatus> for Status {
    fn from(status: InvitationStatus) -> Self {
        match status {
            InvitationStatus::NotInvited => Self::NotInvited,
            InvitationStatus::Pending => Self::Pending,
            InvitationStatus::Accepted => Self::Accepted,
            InvitationStatus::Expired => Self::Expired,
        }
    }
}

impl From<ConnectorHealth> for Status {
    fn from(health: ConnectorHealth) -> Self {
        match health {
            ConnectorHealth::WaitingForFirstRequest => Self::Waiting,
            ConnectorHealth::Healthy => Self::Healthy,
            ConnectorHealth::Failing => Self::Failing,
            ConnectorHealth::Silent => Self::Silent,
            ConnectorHealth::Paused => Self::Paused,
        }
    }
}

impl From<AuditResult> for Status {
    fn from(result: AuditResult) -> Self {
        match result {
            AuditResult::Success => Self::Succeeded,
            AuditResult::Denied => Self::Refused,
        }
    }
}

/// A state as word, icon and colour.
#[component]
pub fn StatusBadge(
    /// The state.
    #[prop(into)]
    status: Status,
) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, tone) = status.look();
    view! { <span class="state" data-tone=tone><Icon name=icon/><span>{status.word(i18n)}</span></span> }
}
