//! Users, the tables by which they are searched and filtered, accounts that were deleted, and matches to be decided.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Users, the tables by which they are searched and filtered, accounts that were deleted, and matches to be decided.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("users")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid_null("identity_id"))
                    .col(uuid_null("connector_id"))
                    .col(text("user_name"))
                    .col(text("user_name_key"))
                    .col(text_null("external_id"))
                    .col(flag("is_active"))
                    .col(text_null("display_name"))
                    .col(text_null("given_name"))
                    .col(text_null("family_name"))
                    .col(text_null("email"))
                    .col(text_null("email_key"))
                    .col(text("sort_key"))
                    .col(text_null("user_type"))
                    .col(text("effective_user_type"))
                    .col(uuid_null("role_id"))
                    .col(flag("is_role_manual"))
                    .col(flag("is_role_capped"))
                    .col(uuid_null("login_connector_id"))
                    .col(flag("is_login_method_manual"))
                    .col(flag("is_external"))
                    .col(flag("is_incomplete"))
                    .col(text("attributes"))
                    .col(time_null("invited_at"))
                    .col(time_null("invitation_expires_at"))
                    .col(time_null("invitation_accepted_at"))
                    .col(time_null("last_sign_in_at"))
                    .col(time_null("last_provisioned_at"))
                    .col(number("version"))
                    .col(time("created_at"))
                    .col(time("updated_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut loosely("identity_id", "identities"))
                    .foreign_key(&mut loosely("connector_id", "connectors"))
                    .foreign_key(&mut loosely("login_connector_id", "connectors"))
                    .foreign_key(&mut loosely("role_id", "roles"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "users", &["user_name_key", "email_key", "sort_key"]).await?;
        unique(manager, "users", &["organisation_id", "user_name_key"]).await?;
        unique(manager, "users", &["organisation_id", "identity_id"]).await?;
        index(manager, "users", &["identity_id"]).await?;
        index(manager, "users", &["connector_id", "external_id"]).await?;
        index(manager, "users", &["connector_id", "created_at", "id"]).await?;
        index(manager, "users", &["organisation_id", "email_key"]).await?;
        index(manager, "users", &["organisation_id", "sort_key", "id"]).await?;
        index(manager, "users", &["organisation_id", "created_at", "id"]).await?;
        index(manager, "users", &["organisation_id", "updated_at", "id"]).await?;
        index(manager, "users", &["organisation_id", "is_active", "sort_key", "id"]).await?;
        index(manager, "users", &["organisation_id", "role_id", "sort_key", "id"]).await?;
        index(manager, "users", &["organisation_id", "connector_id", "sort_key", "id"]).await?;
        index(manager, "users", &["organisation_id", "effective_user_type", "is_active"]).await?;
        index(manager, "users", &["organisation_id", "is_incomplete", "sort_key", "id"]).await?;
        index(manager, "users", &["organisation_id", "is_external", "sort_key", "id"]).await?;
        // One row for each value of an attribute that directories filter by and that is no column of its own. Derived from
        // `users.attributes`, written with it.
        manager
            .create_table(
                table("user_values")
                    .col(uuid("user_id"))
                    .col(uuid("connector_id"))
                    .col(text("attribute"))
                    .col(number("position"))
                    .col(text_null("kind"))
                    .col(text("value"))
                    .col(text("value_key"))
                    .col(flag("is_primary"))
                    .primary_key(&mut key(&["user_id", "attribute", "position"]))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "user_values", &["attribute", "value_key"]).await?;
        index(manager, "user_values", &["connector_id", "attribute", "value_key"]).await?;
        // The words by which the console searches; derived as well.
        manager
            .create_table(
                table("user_words")
                    .col(uuid("organisation_id"))
                    .col(text("word"))
                    .col(uuid("user_id"))
                    .primary_key(&mut key(&["organisation_id", "word", "user_id"]))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "user_words", &["word"]).await?;
        index(manager, "user_words", &["user_id"]).await?;
        // What was deleted, until its personal data is purged; the id stays so that it is never given again.
        manager
            .create_table(
                table("deleted_resources")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid_null("connector_id"))
                    .col(text("kind"))
                    .col(text_null("snapshot"))
                    .col(time("deleted_at"))
                    .col(time_null("purged_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        index(manager, "deleted_resources", &["organisation_id", "deleted_at"]).await?;
        index(manager, "deleted_resources", &["purged_at", "deleted_at"]).await?;
        manager
            .create_table(
                table("account_matches")
                    .col(id())
                    .col(uuid("organisation_id"))
                    .col(uuid("connector_id"))
                    .col(uuid("user_id"))
                    .col(text("user_name"))
                    .col(text_null("external_id"))
                    .col(text("state"))
                    .col(number("times"))
                    .col(time("first_seen_at"))
                    .col(time("last_seen_at"))
                    .foreign_key(&mut owned_by("connector_id", "connectors"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "account_matches", &["connector_id", "user_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["account_matches", "deleted_resources", "user_words", "user_values", "users"],
        )
        .await
    }
}
