//! The browser's files: scripts, styles and pictures, made by the build and found beside the program.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use leptos::config::Env;
use leptos::prelude::LeptosOptions;
use tower_http::services::{ServeDir, ServeFile};

/// How much of a file is read at a time.
const PIECE: usize = 16 * 1024;
/// Folder of scripts and styles in the site.
const PKG: &str = "pkg";

/// The browser's files.
#[derive(Debug, Clone)]
pub struct Site {
    root: PathBuf,
    /// Whether the names of files in `pkg` tell their content.
    is_hashed: bool,
}

/// No site was found.
#[derive(Debug, thiserror::Error)]
#[error("the browser's files are missing: there is no folder with `pkg` in it at {}; `make build` makes it, site_root names another place", .0.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" nor at "))]
pub struct SiteMissing(Vec<PathBuf>);

impl Site {
    /// Finds the site: where it was set, else beside the program, else one folder up.
    ///
    /// # Errors
    /// [`SiteMissing`], which tells where it was looked for.
    pub fn find(set: Option<&Path>) -> Result<Self, SiteMissing> {
        let program = std::env::current_exe().ok();
        let folder = program.as_deref().and_then(Path::parent);
        let candidates = match (set, folder) {
            (Some(root), _) => vec![root.to_path_buf()],
            (None, Some(folder)) => vec![folder.join("site"), folder.join("..").join("site")],
            (None, None) => vec![PathBuf::from("site")],
        };
        let Some(root) = candidates.iter().find(|root| root.join(PKG).is_dir()).cloned() else {
            return Err(SiteMissing(candidates));
        };
        Ok(Self {
            root,
            is_hashed: folder.is_some_and(|folder| folder.join("hash.txt").is_file()),
        })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What Leptos has to know to name the files in pages.
    pub(super) fn options(site: Option<&Self>, listen: SocketAddr) -> LeptosOptions {
        let root = site.map_or_else(|| ".".to_owned(), |site| site.root.to_string_lossy().into_owned());
        // Set by the build tool while developing; the page listens there for the next version.
        let reload_port = std::env::var("LEPTOS_RELOAD_PORT")
            .ok()
            .and_then(|port| port.parse().ok())
            .unwrap_or(3001);
        LeptosOptions::builder()
            .output_name("lanyard")
            .site_root(root)
            .site_pkg_dir(PKG)
            .env(Env::PROD)
            .site_addr(listen)
            .reload_port(reload_port)
            .hash_files(site.is_some_and(|site| site.is_hashed))
            .build()
    }

    /// Routes of all files. Those at the top of the site are listed now, so that a request never names a path on the disk;
    /// compressed copies beside them (`.br`, `.gz`) are served to whoever takes them.
    pub(super) fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        // Under a name that tells the content, a file never changes.
        let lasting = if self.is_hashed {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let pkg = ServeDir::new(self.root.join(PKG))
            // A client that reads nothing holds a piece or two in memory.
            .with_buf_chunk_size(PIECE)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let mut router = Router::new().nest_service("/pkg", kept(Router::new().fallback_service(pkg), lasting));
        let entries = std::fs::read_dir(&self.root).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()).filter(|path| path.is_file()) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let is_copy = path
                .extension()
                .is_some_and(|extension| extension == "br" || extension == "gz");
            let is_plain = name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
                && !name.starts_with('.');
            if is_plain && !is_copy {
                let file = ServeFile::new(&path).precompressed_br().precompressed_gzip();
                router = router.nest_service(
                    &format!("/{name}"),
                    kept(Router::new().fallback_service(file), "public, max-age=3600"),
                );
            }
        }
        router
    }
}

/// How long a browser may keep what it got. A file that is not there is not kept.
fn kept(router: Router, policy: &'static str) -> Router {
    router.layer(map_response(move |mut response: Response| async move {
        if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(policy));
        }
        response
    }))
}
