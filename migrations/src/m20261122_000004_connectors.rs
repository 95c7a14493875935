//! Connectors with their secrets, federated identities that came through them, and the domains routed to them.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Connectors with their secrets, federated identities that came through them, and the domains routed to them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("connectors")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(text("kind"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(flag("is_paused"))
                    .col(text("user_name"))
                    .col(text("settings"))
                    .col(text_null("issuer"))
                    .col(text_null("tenant_id"))
                    .col(text_null("client_id"))
                    .col(text_null("client_secret"))
                    .col(time_null("client_secret_expires_at"))
                    .col(flag("is_sign_in_enabled"))
                    .col(text("contacts"))
                    .col(time_null("last_request_at"))
                    .col(time_null("last_success_at"))
                    .col(number("failures_in_a_row"))
                    .col(number("version"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "connectors", &["organisation_id", "name_key"]).await?;
        unique(manager, "connectors", &["user_name"]).await?;
        manager
            .create_table(
                table("connector_credentials")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid("connector_id"))
                    .col(text("key_id"))
                    .col(bytes("secret_hash"))
                    .col(text("last_four"))
                    .col(text("created_by"))
                    .col(time("created_at"))
                    .col(time("expires_at"))
                    .col(time_null("superseded_at"))
                    .col(time_null("revoked_at"))
                    .col(time_null("last_used_at"))
                    .col(text_null("last_used_ip"))
                    .foreign_key(&mut owned_by("connector_id", "connectors"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "connector_credentials", &["key_id"]).await?;
        index(manager, "connector_credentials", &["connector_id", "created_at"]).await?;
        manager
            .create_table(
                table("federated_identities")
                    .col(id())
                    .col(uuid("identity_id"))
                    .col(uuid("connector_id"))
                    .col(text("issuer"))
                    .col(text("subject"))
                    .col(text_null("tenant_id"))
                    .col(text_null("object_id"))
                    .col(time("created_at"))
                    .col(time_null("last_used_at"))
                    .foreign_key(&mut owned_by("identity_id", "identities"))
                    .foreign_key(&mut owned_by("connector_id", "connectors"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "federated_identities", &["connector_id", "issuer", "subject"]).await?;
        unique(manager, "federated_identities", &["connector_id", "tenant_id", "object_id"]).await?;
        index(manager, "federated_identities", &["identity_id"]).await?;
        manager
            .create_table(
                table("domains")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(text("status"))
                    .col(text("proof"))
                    .col(uuid_null("connector_id"))
                    .col(time_null("verified_at"))
                    .col(time("created_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut loosely("connector_id", "connectors"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "domains", &["organisation_id", "name"]).await?;
        index(manager, "domains", &["name"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["domains", "federated_identities", "connector_credentials", "connectors"],
        )
        .await
    }
}
