//! Every request of a directory and what came of it.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Every request of a directory and what came of it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("provisioning_log")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid_null("connector_id"))
                    .col(uuid_null("credential_id"))
                    .col(time("at"))
                    .col(number("duration_us"))
                    .col(text("request_id"))
                    .col(text("ip"))
                    .col(text("user_agent"))
                    .col(text("method"))
                    .col(text("path"))
                    .col(text("operation"))
                    .col(text_null("target_kind"))
                    .col(text_null("target_id"))
                    .col(text_null("target_name"))
                    .col(text_null("target_key"))
                    .col(number("status"))
                    .col(flag("is_failure"))
                    .col(text_null("scim_type"))
                    .col(text_null("detail"))
                    .col(text("changes"))
                    .col(text("ignored"))
                    .col(text_null("request_body"))
                    .col(text_null("response_body"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut loosely("connector_id", "connectors"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "provisioning_log", &["target_key"]).await?;
        index(manager, "provisioning_log", &["organisation_id", "at", "id"]).await?;
        index(manager, "provisioning_log", &["organisation_id", "is_failure", "at", "id"]).await?;
        index(manager, "provisioning_log", &["connector_id", "at", "id"]).await?;
        index(manager, "provisioning_log", &["organisation_id", "target_id", "at"]).await?;
        index(manager, "provisioning_log", &["organisation_id", "target_key"]).await?;
        index(manager, "provisioning_log", &["at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["provisioning_log"]).await
    }
}
