//! Organisations, and the roles of each with their permissions. Built-in roles are rows too, made with the organisation.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Organisations, and the roles of each with their permissions. Built-in roles are rows too, made with the organisation.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("organisations")
                    .col(id())
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("plan"))
                    .col(flag("has_enterprise_toolkit"))
                    .col(flag("is_toolkit_reserved"))
                    .col(flag("is_toolkit_requested"))
                    .col(number_null("premium_limit"))
                    .col(number_null("standard_limit"))
                    .col(flag("is_active"))
                    .col(number("version"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "organisations", &["name_key"]).await?;
        unique(manager, "organisations", &["name_key"]).await?;
        manager
            .create_table(
                table("roles")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(text_null("built_in"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(number("rank"))
                    .col(time("created_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "roles", &["name_key"]).await?;
        unique(manager, "roles", &["organisation_id", "name_key"]).await?;
        manager
            .create_table(
                table("role_permissions")
                    .col(uuid("role_id"))
                    .col(text("permission"))
                    .primary_key(&mut key(&["role_id", "permission"]))
                    .foreign_key(&mut owned_by("role_id", "roles"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["role_permissions", "roles", "organisations"]).await
    }
}
