//! The schema of Lanyard, as one ordered list of changes that run on SQLite and on PostgreSQL alike.
//!
//! A change is never edited once it was released; one that takes something away is split into an expanding and a later
//! contracting one. Timestamps are UTC with microseconds, ids are UUIDs, JSON is kept as text and never queried inside.
//! Columns named `*_key` hold the folded form by which names compare; the visible spelling stands beside them.

pub use sea_orm_migration::prelude::*;

mod m20261122_000001_installation;
mod m20261122_000002_organisations_and_roles;
mod m20261122_000003_identities;
mod m20261122_000004_connectors;
mod m20261122_000005_users;
mod m20261122_000006_groups;
mod m20261122_000007_folders_and_metadata;
mod m20261122_000008_sessions_and_links;
mod m20261122_000009_provisioning_log;
mod m20261122_000010_audit_log;
mod m20261122_000011_jobs_and_outbox;

/// Runs the changes in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_installation::Migration),
            Box::new(m20261122_000002_organisations_and_roles::Migration),
            Box::new(m20261122_000003_identities::Migration),
            Box::new(m20261122_000004_connectors::Migration),
            Box::new(m20261122_000005_users::Migration),
            Box::new(m20261122_000006_groups::Migration),
            Box::new(m20261122_000007_folders_and_metadata::Migration),
            Box::new(m20261122_000008_sessions_and_links::Migration),
            Box::new(m20261122_000009_provisioning_log::Migration),
            Box::new(m20261122_000010_audit_log::Migration),
            Box::new(m20261122_000011_jobs_and_outbox::Migration),
        ]
    }
}

/// Shorthand that the changes share.
mod columns {
    use sea_orm_migration::prelude::*;

    /// A table that does not exist yet.
    pub fn table(name: &'static str) -> TableCreateStatement {
        Table::create().table(Alias::new(name)).to_owned()
    }

    /// The primary key column `id`.
    pub fn id() -> ColumnDef {
        ColumnDef::new(Alias::new("id")).uuid().not_null().primary_key().to_owned()
    }

    /// A UUID that must be there.
    pub fn uuid(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).uuid().not_null().to_owned()
    }

    /// A UUID that may be absent.
    pub fn uuid_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).uuid().null().to_owned()
    }

    /// Text that must be there.
    pub fn text(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).text().not_null().to_owned()
    }

    /// Text that may be absent.
    pub fn text_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).text().null().to_owned()
    }

    /// A yes or no.
    pub fn flag(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).boolean().not_null().to_owned()
    }

    /// A 64-bit number that must be there.
    pub fn number(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).big_integer().not_null().to_owned()
    }

    /// A 64-bit number that may be absent.
    pub fn number_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).big_integer().null().to_owned()
    }

    /// A point in time that must be there.
    pub fn time(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name))
            .timestamp_with_time_zone()
            .not_null()
            .to_owned()
    }

    /// A point in time that may be absent.
    pub fn time_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().null().to_owned()
    }

    /// Bytes that must be there.
    pub fn bytes(name: &'static str) -> ColumnDef {
        ColumnDef::new(Alias::new(name)).binary().not_null().to_owned()
    }

    /// A reference that takes its row along when the other one goes.
    pub fn owned_by(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
        reference(column, table, ForeignKeyAction::Cascade)
    }

    /// A reference that is emptied when the other row goes.
    pub fn loosely(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
        reference(column, table, ForeignKeyAction::SetNull)
    }

    fn reference(column: &'static str, table: &'static str, on_delete: ForeignKeyAction) -> ForeignKeyCreateStatement {
        ForeignKey::create()
            .from_col(Alias::new(column))
            .to(Alias::new(table), Alias::new("id"))
            .on_delete(on_delete)
            .to_owned()
    }

    /// A primary key over several columns.
    pub fn key(columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index.primary();
        for column in columns {
            index.col(Alias::new(*column));
        }
        index.to_owned()
    }

    /// Makes an index named after its table and columns.
    pub async fn index(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
        manager.create_index(named(table, columns)).await
    }

    /// Makes a unique index named after its table and columns. NULLs never collide, on both databases.
    pub async fn unique(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
        manager.create_index(named(table, columns).unique().to_owned()).await
    }

    fn named(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index
            .name(format!("ix_{table}_{}", columns.join("_")))
            .table(Alias::new(table));
        for column in columns {
            index.col(Alias::new(*column));
        }
        index.to_owned()
    }

    /// Lets text columns compare byte by byte on PostgreSQL too, as they do on SQLite: prefix ranges and keyset pages then mean
    /// the same on both, whatever the locale of the server. Called before the indexes are made.
    pub async fn byte_order(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
        if manager.get_database_backend() == sea_orm_migration::sea_orm::DatabaseBackend::Postgres {
            for column in columns {
                let statement = format!(r#"ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C""#);
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }

    /// Drops tables in the order given.
    pub async fn drop_tables(manager: &SchemaManager<'_>, names: &[&'static str]) -> Result<(), DbErr> {
        for name in names {
            manager.drop_table(Table::drop().table(Alias::new(*name)).to_owned()).await?;
        }
        Ok(())
    }
}
