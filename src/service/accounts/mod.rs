//! Built-in sign-in: who is looking, e-mail address and password, recovery by a link from the command line, change of the own
//! password.

mod password;
mod recovery;
mod sign_in;
mod viewer;

pub use self::password::change_password;
pub use self::recovery::{complete_recovery, create_recovery_link, recovery_status};
pub use self::sign_in::sign_in;
pub use self::viewer::find_viewer;
