//! The members of a group: keyset pages, add by login name, remove with undo.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::domain::group::{GroupMember, GroupSummary};
use crate::domain::ids::GroupId;
use crate::domain::page::Page;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::server_fns::groups::{AddGroupMember, MemberChange, RemoveGroupMember, add_group_member};
use crate::ui::components::*;

/// What the page has read of a group's members.
pub(super) type MembersResource = Data<Result<Page<GroupMember>, UiError>>;

/// The section with the members.
#[component]
pub(super) fn Members(
    /// Whose members.
    group: GroupSummary,
    /// Whether the viewer may change them.
    is_editable: bool,
    /// One page of them.
    members: MembersResource,
    /// Adds one.
    add: PostAction<AddGroupMember>,
    /// Removes one.
    remove: PostAction<RemoveGroupMember>,
) -> impl IntoView {
    let i18n = use_i18n();
    let remove_error = action_error(remove);
    let (id, is_managed) = (group.id, group.managed_by.is_some());
    tell_of_removal(remove, members);
    view! {
        <section class="section" aria-labelledby="group-members">
            <h2 class="section-title" id="group-members">{tu_string!(i18n, groups.members)}</h2>
            {is_editable.then(|| view! { <AddMember id=id add=add members=members/> })}
            <FormError error=remove_error/>
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move {
                    loaded(members.await, move |page| member_list(page, id, is_editable, is_managed, remove))
                })}
            </Transition>
        </section>
    }
}

/// Says that a member was removed, and offers to add them again.
fn tell_of_removal(remove: PostAction<RemoveGroupMember>, members: MembersResource) {
    let i18n = use_i18n();
    let toasts = use_toasts();
    on_success(remove, move || {
        members.refetch();
        let sent = remove
            .sent("group")
            .and_then(|id| GroupId::parse(&id).ok())
            .zip(remove.sent("user_name"));
        let Some((group, user_name)) = sent else { return };
        let change = MemberChange { group, user_name };
        let again = toasts.clone();
        toasts.done_with_undo(tu_string!(i18n, groups.removed), move || {
            let (change, again) = (change.clone(), again.clone());
            spawn_local(async move {
                match add_group_member(change).await {
                    Ok(()) => again.done(tu_string!(i18n, groups.added)),
                    Err(error) => again.error(error_text(i18n, error.code)),
                }
                members.refetch();
            });
        });
    });
}

/// The line by which a member is added.
#[component]
fn AddMember(id: GroupId, add: PostAction<AddGroupMember>, members: MembersResource) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(add);
    let toasts = use_toasts();
    let form = NodeRef::<html::Form>::new();
    on_success(add, move || {
        members.refetch();
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        toasts.done(tu_string!(i18n, groups.added));
    });
    view! {
        <PostForm action=add node_ref=form>
            <FormError error=error fields=&["user_name"]/>
            <Hidden field="group" value=id.to_string()/>
            <div class="field-row">
                <Field field="user_name" label=tu_string!(i18n, groups.login_name) hint=tu_string!(i18n, groups.add_hint) error=error required=true/>
                <SubmitButton label=tu_string!(i18n, groups.add) pending=add.pending() icon="user-plus"/>
            </div>
        </PostForm>
    }
}

/// The table of one page of members, or why it is empty.
fn member_list(
    page: Page<GroupMember>,
    id: GroupId,
    is_editable: bool,
    is_managed: bool,
    remove: PostAction<RemoveGroupMember>,
) -> AnyView {
    let i18n = use_i18n();
    if page.items.is_empty() {
        let text = match (is_managed, is_editable) {
            (true, _) => tu_string!(i18n, groups.members_empty_managed),
            (false, true) => tu_string!(i18n, groups.members_empty_text),
            (false, false) => "",
        };
        return view! { <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, groups.members_empty_title) text=text/> }
            .into_any();
    }
    let shown = page.items.len();
    let rows = page
        .items
        .into_iter()
        .map(|member| member_row(member, id, is_editable, remove))
        .collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, groups.members_table)>
            <thead>
                <tr>
                    <th scope="col">{tu_string!(i18n, groups.name)}</th>
                    <th scope="col">{tu_string!(i18n, groups.status)}</th>
                    {is_editable.then(|| view! { <th scope="col"><span class="sr-only">{tu_string!(i18n, groups.actions)}</span></th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        <Pager shown=shown total=page.total next=page.next/>
    }
    .into_any()
}

/// One row.
fn member_row(member: GroupMember, group: GroupId, is_editable: bool, remove: PostAction<RemoveGroupMember>) -> AnyView {
    let i18n = use_i18n();
    let user_name = member.user_name.clone();
    let removal = is_editable.then(|| {
        let label = tu_string!(i18n, groups.remove_name, name = in_sentence(&member.name)).to_string();
        view! {
            <td data-cell="actions">
                <PostForm action=remove>
                    <Hidden field="group" value=group.to_string()/>
                    <Hidden field="user_name" value=user_name/>
                    <button type="submit" class="btn btn-sm btn-ghost" aria-label=label>
                        <Icon name="x"/>
                        <span>{tu_string!(i18n, groups.remove)}</span>
                    </button>
                </PostForm>
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row" data-cell="title">
                <span class="person-cell">
                    <Avatar name=member.name.clone()/>
                    <span class="person">
                        <a class="link-hover" href=format!("/users/{}", member.id)><bdi>{member.name}</bdi></a>
                        <bdi class="break-all">{member.user_name}</bdi>
                    </span>
                </span>
            </th>
            <td data-label=tu_string!(i18n, groups.status)><StatusBadge status=Status::of_account(member.is_active)/></td>
            {removal}
        </tr>
    }
    .into_any()
}
