//! A group's own page: facts, rename, delete, members.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::members::Members;
use crate::domain::group::GroupDetail;
use crate::domain::ids::GroupId;
use crate::domain::permission::Permission;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::groups::{
    AddGroupMember, DeleteGroup, MemberQuery, RemoveGroupMember, RenameGroup, get_group, list_group_members,
};
use crate::ui::components::*;

/// One group.
#[component]
pub fn GroupPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_path_id(GroupId::parse);
    let cursor = use_param("cursor");
    let group = load(move || id.get(), |id| async move { get_group(known(id)?).await });
    let members = load(
        move || (id.get(), cursor.get()),
        |(id, cursor)| async move {
            list_group_members(MemberQuery {
                group: known(id)?,
                cursor: (!cursor.is_empty()).then_some(cursor),
            })
            .await
        },
    );
    let rename = PostAction::<RenameGroup>::new();
    let delete = PostAction::<DeleteGroup>::new();
    let add = PostAction::<AddGroupMember>::new();
    let remove = PostAction::<RemoveGroupMember>::new();
    let (close, toasts) = (use_close_dialog(), use_toasts());
    let version = use_version(id, add, remove);
    on_success(rename, move || {
        close();
        version.set(None);
        group.refetch();
        toasts.done(tu_string!(i18n, groups.saved));
    });
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded_record(group.await, Crumb::new("/groups", tu_string!(i18n, groups.title)), move |group| {
                    let (summary, is_editable) = (group.summary.clone(), group.is_editable);
                    view! {
                        <GroupHead group=group version=version rename=rename delete=delete/>
                        <Members group=summary is_editable=is_editable members=members add=add remove=remove/>
                    }
                    .into_any()
                })
            })}
        </Transition>
    }
}

/// The group's version where a change of members has moved it on since the page was read. The page is not drawn anew for that,
/// because whoever adds one member after the other types in it.
fn use_version(
    id: Memo<Option<GroupId>>,
    add: PostAction<AddGroupMember>,
    remove: PostAction<RemoveGroupMember>,
) -> RwSignal<Option<i64>> {
    let version = RwSignal::new(None);
    let read = move || {
        if let Some(id) = id.get_untracked() {
            spawn_local(async move {
                if let Ok(group) = get_group(id).await {
                    // The page may be gone by now.
                    version.try_set(Some(group.version));
                }
            });
        }
    };
    on_success(add, read);
    on_success(remove, read);
    Effect::new(move |_| {
        id.track();
        version.set(None);
    });
    version
}

/// Header, ownership, facts and the dialogs.
#[component]
fn GroupHead(
    group: GroupDetail,
    version: RwSignal<Option<i64>>,
    rename: PostAction<RenameGroup>,
    delete: PostAction<DeleteGroup>,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_manage = use_viewer().may(Permission::GroupsManage);
    let GroupDetail {
        summary,
        version: read_version,
        is_editable,
    } = group;
    let version = Signal::derive(move || version.get().unwrap_or(read_version));
    let crumbs = vec![Crumb::new("/groups", tu_string!(i18n, groups.title))];
    let owner = summary.managed_by.clone();
    let why_not = match &owner {
        Some(connector) => tu_string!(i18n, groups.managed_text, connector = in_sentence(&connector.name)).to_string(),
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
        view! { <p class="callout"><Icon name="lock"/><span>{why_not}</span></p> }
    });
    let external_id = match summary.external_id.clone() {
        Some(value) => view! { <CopyField label=tu_string!(i18n, groups.external_id) value=value/> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <PageHeader title=summary.name.clone() crumbs=crumbs>
            <ManagedBy connector=owner/>
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
            {is_editable.then(|| view! { <Dialogs id=summary.id name=summary.name version=version rename=rename delete=delete/> })}
        </section>
    }
}

/// Rename and delete.
#[component]
fn Dialogs(
    id: GroupId,
    name: String,
    version: Signal<i64>,
    rename: PostAction<RenameGroup>,
    delete: PostAction<DeleteGroup>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (rename_error, delete_error) = (action_error(rename), action_error(delete));
    let delete_title = tu_string!(i18n, groups.delete_title, name = in_sentence(&name)).to_string();
    view! {
        <Dialog name="rename-group" title=tu_string!(i18n, groups.rename_title)>
            <PostForm action=rename>
                <FormError error=rename_error fields=&["name"]/>
                <Hidden field="id" value=id.to_string()/>
                <input type="hidden" name=input_name("version") value=move || version.get().to_string()/>
                <Field field="name" label=tu_string!(i18n, groups.name) hint=tu_string!(i18n, groups.name_hint) value=name error=rename_error required=true autofocus=true/>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, groups.save_name) pending=rename.pending()/>
                </DialogActions>
            </PostForm>
        </Dialog>
        <Dialog name="delete-group" title=delete_title>
            <PostForm action=delete>
                <FormError error=delete_error/>
                <Hidden field="input" value=id.to_string()/>
                <p class="dialog-text">{tu_string!(i18n, groups.delete_text)}</p>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, groups.delete_confirm) pending=delete.pending() class="btn-error"/>
                </DialogActions>
            </PostForm>
        </Dialog>
    }
}
