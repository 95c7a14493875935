//! Facts about the installation as a whole.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait};

use super::entities::installation_facts as facts;
use super::{Reader, StoreError, Tx};

/// Key id of the master key that the stored secrets are sealed with.
pub const MASTER_KEY_ID: &str = "master_key_id";
/// Key id of the master key before it, as long as something may be sealed with that.
pub const PREVIOUS_MASTER_KEY_ID: &str = "previous_master_key_id";
/// When the first operator was made. Stays for ever, also when all operators are gone (security rule S48).
pub const SET_UP_AT: &str = "set_up_at";

/// A fact.
///
/// # Errors
/// Any database error.
pub async fn find(db: &impl Reader, name: &str) -> Result<Option<String>, StoreError> {
    Ok(facts::Entity::find_by_id(name)
        .one(db.connection())
        .await?
        .map(|fact| fact.value))
}

/// Records a fact for the first time.
///
/// # Errors
/// [`StoreError::Taken`] when it is recorded already.
pub async fn create(tx: &Tx, name: &str, value: &str) -> Result<(), StoreError> {
    facts::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value.to_owned()),
    }
    .insert(tx.connection())
    .await?;
    Ok(())
}

/// Records a fact, whatever it was before.
///
/// # Errors
/// Any database error.
pub async fn put(tx: &Tx, name: &str, value: &str) -> Result<(), StoreError> {
    facts::Entity::insert(facts::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value.to_owned()),
    })
    .on_conflict(
        OnConflict::column(facts::Column::Name)
            .update_column(facts::Column::Value)
            .to_owned(),
    )
    .exec_without_returning(tx.connection())
    .await?;
    Ok(())
}

/// Forgets a fact.
///
/// # Errors
/// Any database error.
pub async fn forget(tx: &Tx, name: &str) -> Result<(), StoreError> {
    facts::Entity::delete_by_id(name).exec(tx.connection()).await?;
    Ok(())
}
