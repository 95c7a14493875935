//! The folder tree and who has access, metadata keys and values. A folder value that names no folder yet is a row without folder.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// The folder tree and who has access, metadata keys and values. A folder value that names no folder yet is a row without folder.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("folders")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid_null("parent_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text_null("external_id"))
                    .col(number("position"))
                    .col(time_null("archived_at"))
                    .col(number("version"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut owned_by("parent_id", "folders"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "folders", &["name_key"]).await?;
        unique(manager, "folders", &["organisation_id", "external_id"]).await?;
        index(manager, "folders", &["organisation_id", "name_key"]).await?;
        index(manager, "folders", &["parent_id"]).await?;
        manager
            .create_table(
                table("folder_access")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid_null("user_id"))
                    .col(uuid_null("group_id"))
                    .col(uuid_null("folder_id"))
                    .col(uuid_null("connector_id"))
                    .col(text("value"))
                    .col(text("value_key"))
                    .col(number("position"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .foreign_key(&mut owned_by("group_id", "groups"))
                    .foreign_key(&mut loosely("folder_id", "folders"))
                    .foreign_key(&mut loosely("connector_id", "connectors"))
                    .to_owned(),
            )
            .await?;
        index(manager, "folder_access", &["user_id"]).await?;
        index(manager, "folder_access", &["group_id"]).await?;
        index(manager, "folder_access", &["folder_id"]).await?;
        index(manager, "folder_access", &["connector_id", "folder_id", "value_key"]).await?;
        index(manager, "folder_access", &["organisation_id", "value_key"]).await?;
        manager
            .create_table(
                table("metadata_keys")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("label"))
                    .col(text("description"))
                    .col(flag("is_listed"))
                    .col(time("created_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "metadata_keys", &["name_key"]).await?;
        unique(manager, "metadata_keys", &["organisation_id", "name_key"]).await?;
        manager
            .create_table(
                table("metadata_values")
                    .col(uuid("user_id"))
                    .col(uuid("key_id"))
                    .col(text("value"))
                    .primary_key(&mut key(&["user_id", "key_id"]))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .foreign_key(&mut owned_by("key_id", "metadata_keys"))
                    .to_owned(),
            )
            .await?;
        index(manager, "metadata_values", &["key_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["metadata_values", "metadata_keys", "folder_access", "folders"]).await
    }
}
