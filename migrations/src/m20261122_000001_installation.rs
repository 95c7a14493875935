//! Facts about this installation as a whole: which master key it uses, whether set-up ever happened.

use sea_orm_migration::prelude::*;

use super::columns::*;

/// Facts about this installation as a whole: which master key it uses, whether set-up ever happened.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut name = text("name");
        manager
            .create_table(
                table("installation_facts")
                    .col(name.primary_key())
                    .col(text("value"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["installation_facts"]).await
    }
}
