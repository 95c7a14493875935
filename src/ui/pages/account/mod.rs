//! Getting in and out, the own account, and the pages that stand in place of one.

mod denied;
mod own;
mod password;
mod recover;
mod sessions;
mod setup;
mod sign_in;

pub use denied::{NotFoundPage, PermissionDenied};
pub use own::AccountPage;
pub use recover::RecoverPage;
pub use sessions::SessionTable;
pub use setup::SetupPage;
pub use sign_in::SignInPage;
