//! Forms that post to a server function. The browser sends the same fields with WASM as without, so that one small piece of
//! code serves all forms; an action of its own for each function would be most of the WASM.

use std::marker::PhantomData;

use leptos::html;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;

use crate::server_fns::UiError;

/// The fields that a form sends, by name.
type Fields = Vec<(String, String)>;

/// Posts to one server function, whichever that is.
#[derive(Clone, Copy)]
pub struct Post {
    url: &'static str,
    action: Action<Fields, Result<(), UiError>>,
    /// What was sent last, also after the answer.
    sent: StoredValue<Fields>,
}

/// Posts to the server function `S`.
pub struct PostAction<S> {
    post: Post,
    function: PhantomData<fn() -> S>,
}

impl<S> Clone for PostAction<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for PostAction<S> {}

impl<S> From<PostAction<S>> for Post {
    fn from(action: PostAction<S>) -> Self {
        action.post
    }
}

impl<S: ServerFn<Error = UiError, Output = ()>> PostAction<S> {
    /// Made at the top of a page component.
    pub fn new() -> Self {
        Self {
            post: Post::new(S::PATH, S::url()),
            function: PhantomData,
        }
    }
}

impl<S: ServerFn<Error = UiError, Output = ()>> Default for PostAction<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> PostAction<S> {
    /// Whether an answer is awaited.
    pub fn pending(&self) -> Memo<bool> {
        self.post.action.pending()
    }

    /// Counts the answers.
    pub fn version(&self) -> RwSignal<usize> {
        self.post.version()
    }

    /// The field of the form as it was last sent; `field` as in [`Field`](super::Field).
    pub fn sent(&self, field: &str) -> Option<String> {
        let name = super::input_name(field);
        self.post
            .sent
            .with_value(|sent| sent.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()))
    }
}

impl Post {
    fn new(path: &'static str, url: &'static str) -> Self {
        // Without WASM an error comes back in the address.
        let error = use_context::<ServerActionError>()
            .filter(|error| error.path() == path)
            .map(|error| Err(ServerFnUrlError::<UiError>::decode_err(error.err())));
        let action = Action::new_with_value(error, move |fields: &Fields| {
            let body = encoded(fields);
            async move { send(url, body).await }
        });
        Self {
            url,
            action,
            sent: StoredValue::new(Vec::new()),
        }
    }

    /// Counts the answers.
    pub fn version(self) -> RwSignal<usize> {
        self.action.version()
    }

    /// The error with which it last ended.
    pub fn error(self) -> Signal<Option<UiError>> {
        let value = self.action.value();
        Signal::derive(move || value.with(|value| value.as_ref().and_then(|result| result.as_ref().err().cloned())))
    }

    /// Whether it last ended well.
    pub fn is_done_untracked(self) -> bool {
        self.action.value().with_untracked(|value| matches!(value, Some(Ok(()))))
    }
}

/// A form that posts to a server function: by itself without WASM, in the background with it.
#[component]
pub fn PostForm(
    /// Where it posts.
    #[prop(into)]
    action: Post,
    /// The form element.
    #[prop(optional)]
    node_ref: NodeRef<html::Form>,
    /// Classes.
    #[prop(optional)]
    class: Option<&'static str>,
    /// The inputs and buttons.
    children: Children,
) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if let Ok(data) = leptos::form::form_data_from_event(&event) {
            let fields = named_fields(&data);
            action.sent.set_value(fields.clone());
            action.action.dispatch(fields);
        }
    };
    view! { <form method="post" action=action.url class=class node_ref=node_ref on:submit=submit>{children()}</form> }
}

/// The fields of a form that have a name, in order.
pub(super) fn named_fields(data: &web_sys::FormData) -> Fields {
    let Ok(params) = web_sys::UrlSearchParams::new_with_str_sequence_sequence(data) else {
        return Vec::new();
    };
    let entries = js_sys::try_iter(&params).ok().flatten();
    let pairs = entries.into_iter().flatten().flatten().filter_map(|entry| {
        let entry = js_sys::Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    });
    // A button without a name is reported with an empty one.
    pairs.filter(|(name, _)| !name.is_empty()).collect()
}

/// The fields as a form encodes them.
fn encoded(fields: &Fields) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", super::encode(name), super::encode(value)))
        .collect();
    pairs.join("&")
}

/// Posts the fields and follows the redirect of the answer, if it has one.
#[cfg(feature = "hydrate")]
async fn send(url: &'static str, body: String) -> Result<(), UiError> {
    use leptos::server_fn::ContentType;
    use leptos::server_fn::client::Client;
    use leptos::server_fn::client::browser::BrowserClient;
    use leptos::server_fn::codec::{Encoding, PostUrl};
    use leptos::server_fn::error::FromServerFnError;
    use leptos::server_fn::redirect::call_redirect_hook;
    use leptos::server_fn::request::ClientReq;
    use leptos::server_fn::request::browser::BrowserRequest;
    use leptos::server_fn::response::ClientRes;

    let request = <BrowserRequest as ClientReq<UiError>>::try_new_req_text(
        url,
        PostUrl::CONTENT_TYPE,
        "application/json",
        body,
        <PostUrl as Encoding>::METHOD,
    )?;
    let response = <BrowserClient as Client<UiError>>::send(request).await?;
    let status = ClientRes::<UiError>::status(&response);
    let target = ClientRes::<UiError>::has_redirect(&response).then(|| ClientRes::<UiError>::location(&response));
    if (400..=599).contains(&status) {
        let bytes = ClientRes::<UiError>::try_into_bytes(response).await?;
        return Err(UiError::de(bytes));
    }
    if let Some(target) = target {
        call_redirect_hook(&target);
    }
    Ok(())
}

/// The server renders forms and never sends them.
#[cfg(not(feature = "hydrate"))]
async fn send(_url: &'static str, _body: String) -> Result<(), UiError> {
    Err(UiError::of(crate::server_fns::UiErrorCode::Network))
}
