//! What the database refuses, as callers are told.

use lanyard::store::StoreError;
use sea_orm::{ConnectionTrait, Database, DbErr};

async fn refusal(table: &str, columns: &str, insert: &str) -> DbErr {
    let database = Database::connect("sqlite::memory:").await.unwrap();
    for statement in [
        format!("CREATE TABLE {table} ({columns})"),
        format!("INSERT INTO {table} {insert}"),
    ] {
        database.execute_unprepared(&statement).await.unwrap();
    }
    let again = database.execute_unprepared(&format!("INSERT INTO {table} {insert}")).await;
    again.unwrap_err()
}

#[tokio::test]
async fn r04_an_index_that_guards_no_choice_of_the_caller_is_no_conflict() {
    let random = refusal("sessions", "token_hash BLOB UNIQUE", "VALUES (x'00')").await;
    assert!(matches!(StoreError::from(random), StoreError::Database(_)));
    let identity = refusal("local_credentials", "identity_id BLOB UNIQUE", "VALUES (x'00')").await;
    assert!(matches!(StoreError::from(identity), StoreError::Taken { field: "identity" }));
    let name = refusal(
        "users",
        "organisation_id BLOB, user_name_key TEXT, UNIQUE (organisation_id, user_name_key)",
        "VALUES (x'00', 'ada')",
    )
    .await;
    assert!(matches!(StoreError::from(name), StoreError::Taken { field: "user_name" }));
}
