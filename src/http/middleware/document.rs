//! The end of a page's HTML.
//!
//! What the server has loaded for a page follows in scripts. Leptos writes them behind `</html>`, where no element may stand;
//! browsers move them into the body, checkers of HTML report an error. So the end of the document is held back.

use std::collections::VecDeque;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::Response;
use futures::{Stream, StreamExt, stream};

/// From here on a document ends. Text in pages and scripts has its `<` escaped and cannot be taken for it.
const BODY_END: &[u8] = b"</body>";
/// Here it has ended. Leptos writes empty comments between the two.
const HTML_END: &[u8] = b"</html>";

/// The layer.
pub(in crate::http) async fn end_last(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from_stream(moved(body.into_data_stream())))
}

/// What is still to be sent.
struct Rest {
    body: Option<BodyDataStream>,
    /// The end, as far as it has come; before that the last bytes, which may be its beginning.
    held: Vec<u8>,
    is_found: bool,
    ready: VecDeque<Bytes>,
}

fn moved(body: BodyDataStream) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    let rest = Rest {
        body: Some(body),
        held: Vec::new(),
        is_found: false,
        ready: VecDeque::new(),
    };
    stream::try_unfold(rest, |mut rest| async move {
        loop {
            if let Some(bytes) = rest.ready.pop_front() {
                return Ok(Some((bytes, rest)));
            }
            let Some(body) = &mut rest.body else { return Ok(None) };
            match body.next().await.transpose()? {
                Some(bytes) => rest.take(bytes),
                None => rest.finish(),
            }
        }
    })
}

impl Rest {
    fn take(&mut self, bytes: Bytes) {
        if self.is_found {
            self.ready.push_back(bytes);
            return;
        }
        self.held.extend_from_slice(&bytes);
        let body_end = position(&self.held, BODY_END);
        // Before the end all but what may be a part of it can go.
        let sure = body_end.unwrap_or_else(|| self.held.len().saturating_sub(BODY_END.len() - 1));
        let end = self.held.split_off(sure);
        self.ready.push_back(std::mem::replace(&mut self.held, end).into());
        if body_end.is_some()
            && let Some(at) = position(&self.held, HTML_END)
        {
            self.is_found = true;
            let behind = self.held.split_off(at + HTML_END.len());
            self.ready.push_back(behind.into());
        }
        self.ready.retain(|bytes| !bytes.is_empty());
    }

    fn finish(&mut self) {
        self.body = None;
        if !self.held.is_empty() {
            self.ready.push_back(std::mem::take(&mut self.held).into());
        }
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(chunks: &[&str]) -> String {
        let chunks: Vec<Result<String, axum::Error>> = chunks.iter().map(|chunk| Ok((*chunk).to_owned())).collect();
        let body = Body::from_stream(stream::iter(chunks));
        let bytes = axum::body::to_bytes(Body::from_stream(moved(body.into_data_stream())), usize::MAX).await;
        String::from_utf8(bytes.expect("no chunk fails").to_vec()).expect("text")
    }

    #[tokio::test]
    async fn the_end_comes_last() {
        for (chunks, expected) in [
            (
                &["<body>a</body><!><!></html>", "<!><script>1</script>"][..],
                "<body>a<!><script>1</script></body><!><!></html>",
            ),
            (&["<body>a</bo", "dy></ht", "ml><s>", "</s>"], "<body>a<s></s></body></html>"),
            (&["<body>a</body></html>"], "<body>a</body></html>"),
            (&["<body>a</body> and no more"], "<body>a</body> and no more"),
            (&["<p>no end</bod"], "<p>no end</bod"),
            (&[], ""),
        ] {
            assert_eq!(sent(chunks).await, expected);
        }
    }

    #[tokio::test]
    async fn wherever_it_is_cut() {
        let page = "<!DOCTYPE html><html><body>text</body><!></html><script>after</script>";
        for at in 0..page.len() {
            let (head, tail) = page.split_at(at);
            assert_eq!(
                sent(&[head, tail]).await,
                "<!DOCTYPE html><html><body>text<script>after</script></body><!></html>"
            );
        }
    }
}
