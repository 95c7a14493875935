//! A group's own page: facts, rename, delete, members.

use leptos::prelude::*;

use super::members::Members;
use crate::domain::group::GroupDetail;
use crate::domain::ids::GroupId;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::server_fns::groups::{AddGroupMember, DeleteGroup, MemberQuery, RemoveGroupMember, RenameGroup, get_group, list_group_members};
use crate::ui::components::*;

/// One group.
#[component]
pub fn GroupPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_path_id(GroupId::parse);
    let cursor = use_param("cursor");
    let group = Resource::new(move || id.get(), |id| async move { get_group(known(id)?).await });
    let members = Resource::new(
        move || (id.get(), cursor.get()),
        |(id, cursor)| async move {
            list_group_members(MemberQuery { group: known(id)?, cursor: (!cursor.is_empty()).then_some(cursor) }).await
        },
    );
    let rename = ServerAction::<RenameGroup>::new();
    let delete = ServerAction::<DeleteGroup>::new();
    let add = ServerAction::<AddGroupMember>::new();
    let remove = ServerAction::<RemoveGroupMember>::new();
    let (close, toasts) = (use_close_dialog(), use_toasts());
    on_success(rename, move || {
        close();
        group.refetch();
        toasts.done(tu_string!(i18n, groups.saved));
    });
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded(group.await, move |group| {
                    let (summary, is_editable) = (group.summary.clone(), group.is_editable);
                    view! {
                        <GroupHead group=group rename=rename delete=delete/>
                        <Members group=summary is_editable=is_editable members=members add=add remove=remove/>
                    }
                    .into_any()
                })
            })}
        </Transition>
    }
}

/// Header, ownership, facts and the dialogs.
#[component]
fn GroupHead(group: GroupDetail, rename: ServerAction<RenameGroup>, delete: ServerAction<DeleteGroup>) -> impl IntoView {
    let i18n = use_i18n();
    let may_manage = use_viewer().may(Permission::GroupsManage);
    let GroupDetail { summary, version, is_editable } = group;
    let crumbs = vec![Crumb::new("/groups", tu_string!(i18n, groups.title))];
    let owner = summary.managed_by.clone();
    let why_not = match &owner {
        Some(connector) => tu_string!(i18n, groups.managed_text, connector = connector.name.clone()).to_string(),
        None => tu_string!(i18n, groups.not_editable).to_owned(),
    };
    let menu = if is_editable {
        view! {
            <MenuLink href=use_dialog_href("rename-group") label=tu_string!(i18n, groups.rename_open) icon="tags"/>
            <MenuLink href=use_dialog_href("delete-group") label=tu_string!(i18n, groups.delete_open) icon="trash-2" danger=true/>
        }
        .into_any()
    } else {
        view! {
            <MenuRefused label=tu_string!(i18n, groups.rename_open) icon="tags" reason=why_not.clone()/>
            <MenuRefused label=tu_string!(i18n, groups.delete_open) icon="trash-2" reason=why_not.clone()/>
        }
        .into_any()
    };
    let note = (!is_editable && (owner.is_some() || may_manage)).then(|| {
        view! { <div class="alert alert-soft" role="note"><Icon name="lock"/><p>{why_not}</p></div> }
    });
    let external_id = match summary.external_id.clone() {
        Some(value) => view! { <CopyField label=tu_string!(i18n, groups.external_id) value=value/> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <PageHeader title=summary.name.clone() crumbs=crumbs>
            <ManagedBy connector=owner changed_at=Some(summary.updated_at)/>
            {may_manage.then(|| view! { <Menu>{menu}</Menu> })}
        </PageHeader>
        {note}
        <section class="section" aria-labelledby="group-facts">
            <h2 class="section-title" id="group-facts">{tu_string!(i18n, groups.facts)}</h2>
            <KeyValueList>
                <KeyValue label=tu_string!(i18n, groups.created)><RelativeTime at=summary.created_at/></KeyValue>
                <KeyValue label=tu_string!(i18n, groups.updated)><RelativeTime at=summary.updated_at/></KeyValue>
            </KeyValueList>
            <CopyField label=tu_string!(i18n, groups.id) value=summary.id.to_string()/>
            {external_id}
        </section>
        {is_editable.then(|| view! { <Dialogs id=summary.id name=summary.name version=version rename=rename delete=delete/> })}
    }
}

/// Rename and delete.
#[component]
fn Dialogs(id: GroupId, name: String, version: i64, rename: ServerAction<RenameGroup>, delete: ServerAction<DeleteGroup>) -> impl IntoView {
    let i18n = use_i18n();
    let (rename_error, delete_error) = (action_error(rename), action_error(delete));
    let delete_title = tu_string!(i18n, groups.delete_title, name = name.clone()).to_string();
    view! {
        <Dialog name="rename-group" title=tu_string!(i18n, groups.rename_title)>
            <ActionForm action=rename>
                <FormError error=rename_error fields=&["name"]/>
                <Hidden field="id" value=id.to_string()/>
                <Hidden field="version" value=version.to_string()/>
                <Field field="name" label=tu_string!(i18n, groups.name) hint=tu_string!(i18n, groups.name_hint) value=name error=rename_error required=true autofocus=true/>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, groups.save_name) pending=rename.pending()/>
                </DialogActions>
            </ActionForm>
        </Dialog>
        <Dialog name="delete-group" title=delete_title>
            <ActionForm action=delete>
                <FormError error=delete_error/>
                <Hidden field="input" value=id.to_string()/>
                <p class="dialog-text">{tu_string!(i18n, groups.delete_text)}</p>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, groups.delete_confirm) pending=delete.pending() class="btn-error"/>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}
