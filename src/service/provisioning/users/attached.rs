//! Folders and metadata that a directory sends with a user.

use super::SentUser;
use crate::domain::ids::{ConnectorId, FolderId, MetadataKeyId, UserId};
use crate::domain::text::fold;
use crate::service::{Context, Result};
use crate::store::{OrgScope, Tx, folders, metadata};

/// Writes them. For a new user there is nothing to take away.
pub(super) async fn write_folders_and_metadata(
    tx: &Tx,
    cx: &Context,
    scope: &OrgScope,
    connector: ConnectorId,
    user: UserId,
    sent: &SentUser,
    is_new: bool,
) -> Result<()> {
    if !(is_new && sent.folders.is_empty()) {
        let mut resolved: Vec<(uuid::Uuid, String, Option<FolderId>)> = Vec::with_capacity(sent.folders.len());
        for value in &sent.folders {
            resolved.push((cx.new_uuid(), value.clone(), folders::resolve(tx, scope, value).await?));
        }
        folders::replace_sent(tx, scope, user, connector, &resolved).await?;
    }
    if !(is_new && sent.metadata.is_empty()) {
        let mut keys = metadata::list_keys(tx, scope).await?;
        for (name, _) in &sent.metadata {
            if !keys.iter().any(|key| fold(&key.name) == fold(name)) {
                metadata::ensure_key(tx, scope, MetadataKeyId::from_uuid(cx.new_uuid()), name, cx.now()).await?;
                keys = metadata::list_keys(tx, scope).await?;
            }
        }
        let of_key = |name: &str| keys.iter().find(|key| fold(&key.name) == fold(name)).map(|key| key.id);
        let entries: Vec<_> = sent
            .metadata
            .iter()
            .filter_map(|(name, value)| Some((of_key(name)?, value.clone())))
            .collect();
        metadata::replace_values(tx, scope, user, &entries).await?;
    }
    Ok(())
}
