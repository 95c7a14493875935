//! Signed-in browsers, one-time links (set-up, recovery, invitation) and invitations. Only hashes of what opens a door are kept.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Signed-in browsers, one-time links (set-up, recovery, invitation) and invitations. Only hashes of what opens a door are kept.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("sessions")
                    .col(id())
                    .col(bytes("token_hash"))
                    .col(uuid("identity_id"))
                    .col(uuid_null("organisation_id"))
                    .col(uuid_null("user_id"))
                    .col(text("method"))
                    .col(uuid_null("connector_id"))
                    .col(time("authenticated_at"))
                    .col(time("created_at"))
                    .col(time("last_seen_at"))
                    .col(time("expires_at"))
                    .col(text("ip"))
                    .col(text("user_agent"))
                    .col(uuid_null("rights_role_id"))
                    .foreign_key(&mut owned_by("identity_id", "identities"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .foreign_key(&mut owned_by("connector_id", "connectors"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "sessions", &["token_hash"]).await?;
        index(manager, "sessions", &["identity_id"]).await?;
        index(manager, "sessions", &["user_id"]).await?;
        index(manager, "sessions", &["expires_at"]).await?;
        manager
            .create_table(
                table("one_time_links")
                    .col(id())
                    .col(text("purpose"))
                    .col(bytes("token_hash"))
                    .col(uuid_null("organisation_id"))
                    .col(uuid_null("identity_id"))
                    .col(uuid_null("user_id"))
                    .col(text("created_by"))
                    .col(time("created_at"))
                    .col(time("expires_at"))
                    .col(time_null("used_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut owned_by("identity_id", "identities"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "one_time_links", &["token_hash"]).await?;
        index(manager, "one_time_links", &["user_id", "purpose"]).await?;
        index(manager, "one_time_links", &["identity_id", "purpose"]).await?;
        manager
            .create_table(
                table("invitations")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid("user_id"))
                    .col(uuid_null("link_id"))
                    .col(text("address"))
                    .col(uuid_null("invited_by"))
                    .col(uuid_null("role_id"))
                    .col(time("created_at"))
                    .col(time("expires_at"))
                    .col(time_null("accepted_at"))
                    .col(time_null("revoked_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .foreign_key(&mut loosely("link_id", "one_time_links"))
                    .to_owned(),
            )
            .await?;
        index(manager, "invitations", &["user_id", "created_at"]).await?;
        index(manager, "invitations", &["organisation_id", "expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["invitations", "one_time_links", "sessions"]).await
    }
}
