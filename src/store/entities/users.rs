//! A person's account in one organisation.

use sea_orm::entity::prelude::*;

/// A person's account in one organisation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub identity_id: Option<Uuid>,
    pub connector_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub user_name: String,
    #[sea_orm(column_type = "Text")]
    pub user_name_key: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_id: Option<String>,
    pub is_active: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub display_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub given_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub family_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email_key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub user_type: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub effective_user_type: String,
    pub role_id: Option<Uuid>,
    pub is_role_manual: bool,
    pub is_role_capped: bool,
    pub login_connector_id: Option<Uuid>,
    pub is_login_method_manual: bool,
    pub is_external: bool,
    pub is_incomplete: bool,
    #[sea_orm(column_type = "Text")]
    pub attributes: String,
    pub invited_at: Option<DateTimeUtc>,
    pub invitation_expires_at: Option<DateTimeUtc>,
    pub invitation_accepted_at: Option<DateTimeUtc>,
    pub last_sign_in_at: Option<DateTimeUtc>,
    pub last_provisioned_at: Option<DateTimeUtc>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
