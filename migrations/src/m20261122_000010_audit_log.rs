//! The audit log: a gap-free sequence and hash chain for each organisation, which the database itself refuses to change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use super::columns::*;

/// The audit log: a gap-free sequence and hash chain for each organisation, which the database itself refuses to change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No reference to organisations: the log outlives what it tells of. The chain of events that concern no
        // organisation is kept under the nil UUID.
        manager
            .create_table(
                table("audit_log")
                    .col(id())
                    .col(uuid("chain_id"))
                    .col(number("sequence"))
                    .col(time("at"))
                    .col(text("actor_kind"))
                    .col(text_null("actor_id"))
                    .col(text_null("credential_id"))
                    .col(text("action"))
                    .col(text_null("target_kind"))
                    .col(text_null("target_id"))
                    .col(text("result"))
                    .col(text("request_id"))
                    .col(bytes("details_hash"))
                    .col(bytes("previous_hash"))
                    .col(bytes("hash"))
                    .to_owned(),
            )
            .await?;
        byte_order(manager, "audit_log", &["action"]).await?;
        unique(manager, "audit_log", &["chain_id", "sequence"]).await?;
        index(manager, "audit_log", &["chain_id", "target_id", "sequence"]).await?;
        index(manager, "audit_log", &["chain_id", "actor_id", "sequence"]).await?;
        index(manager, "audit_log", &["chain_id", "action", "sequence"]).await?;
        // Names, addresses and values: outside the chain, so that they can be erased. The chain holds a salted hash of them.
        manager
            .create_table(
                table("audit_details")
                    .col(id())
                    .col(uuid("chain_id"))
                    .col(bytes("salt"))
                    .col(text("details"))
                    .to_owned(),
            )
            .await?;
        let mut chain_id = uuid("chain_id");
        manager
            .create_table(
                table("audit_heads")
                    .col(chain_id.primary_key())
                    .col(number("sequence"))
                    .col(bytes("hash"))
                    .col(bytes("signature"))
                    .to_owned(),
            )
            .await?;
        for statement in guards(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_heads", "audit_details", "audit_log"]).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared("DROP FUNCTION audit_log_is_append_only()")
                .await?;
        }
        Ok(())
    }
}

/// Triggers that refuse to change or delete a row of the log.
fn guards(backend: DatabaseBackend) -> &'static [&'static str] {
    match backend {
        DatabaseBackend::Postgres => &[
            "CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
            "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log \
             FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only()",
        ],
        _ => &[
            "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log \
             BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
            "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log \
             BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        ],
    }
}
