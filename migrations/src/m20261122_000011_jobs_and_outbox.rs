//! Work to be done later, and mail to be sent: queued in the transaction of the change that causes them.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Work to be done later, and mail to be sent: queued in the transaction of the change that causes them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("jobs")
                    .col(id())
                    .col(uuid_null("organisation_id"))
                    .col(text("kind"))
                    .col(text("payload"))
                    .col(text_null("dedupe_key"))
                    .col(text("state"))
                    .col(time("run_at"))
                    .col(number("attempts"))
                    .col(text_null("lease_owner"))
                    .col(time_null("lease_until"))
                    .col(number("fence"))
                    .col(text_null("last_error"))
                    .col(time("created_at"))
                    .col(time_null("finished_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "jobs", &["dedupe_key"]).await?;
        index(manager, "jobs", &["state", "run_at"]).await?;
        index(manager, "jobs", &["organisation_id", "created_at"]).await?;
        manager
            .create_table(
                table("outbox")
                    .col(id())
                    .col(uuid_null("organisation_id"))
                    .col(uuid_null("user_id"))
                    .col(text("purpose"))
                    .col(text("recipient"))
                    .col(text("subject"))
                    .col(text("text_body"))
                    .col(text("html_body"))
                    .col(text("state"))
                    .col(number("attempts"))
                    .col(time("send_after"))
                    .col(time_null("give_up_at"))
                    .col(text_null("last_error"))
                    .col(time("created_at"))
                    .col(time_null("sent_at"))
                    .foreign_key(&mut owned_by("organisation_id", "organisations"))
                    .foreign_key(&mut owned_by("user_id", "users"))
                    .to_owned(),
            )
            .await?;
        index(manager, "outbox", &["state", "send_after"]).await?;
        index(manager, "outbox", &["organisation_id", "created_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["outbox", "jobs"]).await
    }
}
