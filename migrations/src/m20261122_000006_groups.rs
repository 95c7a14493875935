//! Groups, and membership as rows of its own, so that one member costs the same in every group.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Groups, and membership as rows of its own, so that one member costs the same in every group.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("groups")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid_null("connector_id"))
                    // The connector of a directory-managed group, the organisation of one kept by hand: names are unique in it.
                    .col(uuid("scope_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text_null("external_id"))
                    .col(uuid_null("role_id"))
                    .col(number("version"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut loosely("connector_id", "connectors"))
                    .foreign_key(&mut loosely("role_id", "roles"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "groups", &["name_key"]).await?;
        unique(manager, "groups", &["scope_id", "name_key"]).await?;
        index(manager, "groups", &["organisation_id", "name_key", "id"]).await?;
        index(manager, "groups", &["connector_id", "external_id"]).await?;
        index(manager, "groups", &["connector_id", "created_at", "id"]).await?;
        manager
            .create_table(
                table("group_members")
                    .col(uuid("group_id"))
                    .col(uuid("user_id"))
                    .col(time("added_at"))
                    .primary_key(&mut key(&["group_id", "user_id"]))
                    .foreign_key(&mut owned_by("group_id", "groups"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        index(manager, "group_members", &["user_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["group_members", "groups"]).await
    }
}
