//! A table of sessions, for the own account and for a user's record.

use leptos::prelude::*;

use crate::domain::ids::SessionId;
use crate::domain::user::SessionView;
use crate::i18n::*;
use crate::ui::components::{DataTable, I18n, Icon, PostAction, RelativeTime};

/// Sessions, newest first. `end` makes the button that ends one, where the viewer can end single ones.
#[component]
pub fn SessionTable(
    /// The sessions.
    sessions: Vec<SessionView>,
    /// Makes the button of a row.
    #[prop(optional)]
    end: Option<fn(SessionId, EndAction) -> AnyView>,
    /// The action that the button belongs to.
    #[prop(optional)]
    action: Option<EndAction>,
) -> impl IntoView {
    let i18n = use_i18n();
    let has_actions = end.is_some() && action.is_some();
    let browser_head = tu_string!(i18n, account.sessions.browser);
    let seen_head = tu_string!(i18n, account.sessions.last_seen);
    let since_head = tu_string!(i18n, account.sessions.since);
    let ip_head = tu_string!(i18n, account.sessions.ip);
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let current = session.is_current.then(|| view! { <span class="state" data-tone="info"><Icon name="circle-check"/>{tu_string!(i18n, account.sessions.current)}</span> });
            let button = end.zip(action).filter(|_| !session.is_current).map(|(end, action)| end(session.id, action));
            view! {
                <tr>
                    <th scope="row" data-cell="title"><span title=session.user_agent.clone()>{browser_name(i18n, &session.user_agent)}</span>" "{current}</th>
                    <td data-label=seen_head><RelativeTime at=session.last_seen_at/></td>
                    <td class="from-desk" data-label=since_head><RelativeTime at=session.created_at/></td>
                    <td class="from-medium" data-label=ip_head><code class="whitespace-nowrap">{session.ip}</code></td>
                    {has_actions.then(|| view! { <td data-cell="actions">{button}</td> })}
                </tr>
            }
        })
        .collect();
    view! {
        <DataTable caption=tu_string!(i18n, account.sessions.title)>
            <thead>
                <tr>
                    <th scope="col">{browser_head}</th>
                    <th scope="col">{seen_head}</th>
                    <th scope="col" class="from-desk">{since_head}</th>
                    <th scope="col" class="from-medium">{ip_head}</th>
                    {has_actions.then(|| view! { <th scope="col"><span class="sr-only">{tu_string!(i18n, account.sessions.end)}</span></th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
}

/// The action by which a session of the own account is ended.
pub type EndAction = PostAction<crate::server_fns::account::EndOwnSession>;

/// "Firefox, Linux": enough to recognise a browser; the whole text is the cell's title.
fn browser_name(i18n: I18n, user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => tu_string!(i18n, account.sessions.unknown_browser).to_owned(),
    }
}
