//! How every server function begins, and what it takes.

use super::*;

/// Calls each function marked `#[server]`.
fn server_functions() -> Vec<(PathBuf, syn::ItemFn)> {
    let mut found = Vec::new();
    for path in sources("server_fns") {
        for item in parsed(&path).items {
            if let syn::Item::Fn(function) = item
                && function.attrs.iter().any(|attribute| attribute.path().is_ident("server"))
            {
                found.push((path.clone(), function));
            }
        }
    }
    assert!(found.len() > 30, "only {} server functions found", found.len());
    found
}

#[test]
fn s05_every_server_function_opens_with_its_guard() {
    for (path, function) in server_functions() {
        let name = &function.sig.ident;
        let first = function
            .block
            .stmts
            .first()
            .unwrap_or_else(|| panic!("{}: {name} is empty", path.display()));
        let text = quote_text(first);
        let guarded = [
            "context :: require (",
            "context :: operator (",
            "context :: signed_in (",
            "context :: anyone (",
        ]
        .iter()
        .any(|guard| {
            (text.starts_with("let cx = ") || text.starts_with("let _cx = "))
                && text.contains(guard)
                && text.contains(". await ?")
        });
        assert!(guarded, "{}: {name} opens with `{text}`", path.display());
    }
}

fn quote_text(statement: &syn::Stmt) -> String {
    quoted(statement)
}

#[test]
fn s11_server_functions_take_at_most_one_argument_named_input() {
    for (path, function) in server_functions() {
        let names: Vec<String> = function
            .sig
            .inputs
            .iter()
            .map(|argument| match argument {
                syn::FnArg::Typed(typed) => match typed.pat.as_ref() {
                    syn::Pat::Ident(name) => name.ident.to_string(),
                    _ => "?".to_owned(),
                },
                syn::FnArg::Receiver(_) => "self".to_owned(),
            })
            .collect();
        assert!(
            names.is_empty() || names == ["input"],
            "{}: {} takes {names:?}",
            path.display(),
            function.sig.ident
        );
    }
}

#[test]
fn s14_no_server_function_answers_get_or_websocket() {
    for path in sources("server_fns") {
        let text = fs::read_to_string(&path).unwrap();
        for banned in ["GetUrl", "Websocket", "WebSocket", "input = Cbor", "DeleteUrl"] {
            assert!(!text.contains(banned), "{}: {banned}", path.display());
        }
    }
}
