//! Identities: the person across organisations, with built-in credentials.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Identities: the person across organisations, with built-in credentials.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("identities")
                    .col(id())
                    .col(text_null("name"))
                    .col(flag("is_operator"))
                    .col(flag("is_active"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identities", &["is_operator"]).await?;
        manager
            .create_table(
                table("local_credentials")
                    .col(id())
                    .col(uuid("identity_id"))
                    .col(text("login_name"))
                    .col(text("login_name_key"))
                    .col(text_null("password_hash"))
                    .col(time_null("password_changed_at"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .foreign_key(&mut owned_by("identity_id", "identities"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "local_credentials", &["identity_id"]).await?;
        unique(manager, "local_credentials", &["login_name_key"]).await?;
        // Failed sign-ins, counted by a keyed hash of the folded name, so that names typed by mistake are not kept.
        manager
            .create_table(
                table("sign_in_failures")
                    .col(id())
                    .col(text("account_hash"))
                    .col(text("ip"))
                    .col(time("at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "sign_in_failures", &["account_hash", "at"]).await?;
        index(manager, "sign_in_failures", &["ip", "at"]).await?;
        index(manager, "sign_in_failures", &["at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sign_in_failures", "local_credentials", "identities"]).await
    }
}
