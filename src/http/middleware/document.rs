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

/// How Leptos ends a document. Text in pages and scripts has its `<` escaped and cannot be taken for it.
const END: &[u8] = b"</body></html>";

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
    /// The last bytes, which may be the beginning of the end.
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
        if let Some(at) = self.held.windows(END.len()).position(|window| window == END) {
            self.is_found = true;
            let behind = self.held.split_off(at).split_off(END.len());
            self.ready.push_back(std::mem::take(&mut self.held).into());
            self.ready.push_back(behind.into());
        } else {
            let keep = self.held.len().min(END.len() - 1);
            let tail = self.held.split_off(self.held.len() - keep);
            self.ready.push_back(std::mem::replace(&mut self.held, tail).into());
        }
        self.ready.retain(|bytes| !bytes.is_empty());
    }

    fn finish(&mut self) {
        self.body = None;
        let last = if self.is_found {
            Bytes::from_static(END)
        } else {
            std::mem::take(&mut self.held).into()
        };
        if !last.is_empty() {
            self.ready.push_back(last);
        }
    }
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
                &["<body>a</body></html>", "<script>1</script>"][..],
                "<body>a<script>1</script></body></html>",
            ),
            (&["<body>a</bo", "dy></html><s>", "</s>"], "<body>a<s></s></body></html>"),
            (&["<body>a</body></html>"], "<body>a</body></html>"),
            (&["<p>no end</bod"], "<p>no end</bod"),
            (&[], ""),
        ] {
            assert_eq!(sent(chunks).await, expected);
        }
    }

    #[tokio::test]
    async fn wherever_it_is_cut() {
        let page = "<!DOCTYPE html><html><body>text</body></html><script>after</script>";
        for at in 0..page.len() {
            let (head, tail) = page.split_at(at);
            assert_eq!(
                sent(&[head, tail]).await,
                "<!DOCTYPE html><html><body>text<script>after</script></body></html>"
            );
        }
    }
}
