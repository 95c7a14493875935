//! What a person's browser does.

use super::*;

/// What a person's browser does. Everything that comes back is kept.
pub(super) struct Browser<'a> {
    pub(super) server: &'a Server,
    pub(super) client: reqwest::Client,
    pub(super) cookie: String,
    /// Where it came from, and what.
    pub(super) seen: Vec<(String, String)>,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: String,
    pub(super) cookies: Vec<String>,
    pub(super) body: String,
}

impl Browser<'_> {
    pub(super) async fn send(&mut self, request: reqwest::RequestBuilder, name: &str) -> Answer {
        let answer = request.header(COOKIE, self.cookie.clone()).send().await.unwrap();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let location = answer.headers().get(LOCATION).map(text).unwrap_or_default();
        let cookies: Vec<String> = answer.headers().get_all(SET_COOKIE).iter().map(text).collect();
        let status = answer.status().as_u16();
        // Cookies hand a session over, on purpose; all other headers are looked through.
        let headers: Vec<String> = answer
            .headers()
            .iter()
            .filter(|(name, _)| *name != SET_COOKIE)
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        let body = answer.text().await.unwrap();
        self.seen
            .push((format!("{name} ({status})"), format!("{}\n{body}", headers.join("\n"))));
        Answer {
            status,
            location,
            cookies,
            body,
        }
    }

    pub(super) async fn page(&mut self, path: &str) -> Answer {
        let request = self
            .client
            .get(format!("{}{path}", self.server.origin))
            .header(ACCEPT, "text/html");
        self.send(request, &format!("page {}", path.split(['?']).next().unwrap()))
            .await
    }

    pub(super) async fn call_as(&mut self, function: &str, kind: &str, accept: &str, body: String) -> Answer {
        let request = self
            .client
            .post(format!("{}/api/{function}", self.server.origin))
            .header(ORIGIN, self.server.origin.clone())
            .header(CONTENT_TYPE, kind)
            .header(ACCEPT, accept)
            .body(body);
        self.send(request, function).await
    }

    pub(super) async fn call(&mut self, function: &str, form: &str) -> Answer {
        self.call_as(
            function,
            "application/x-www-form-urlencoded",
            "application/json",
            form.to_owned(),
        )
        .await
    }

    /// Keeps the session of an answer; the cookie's value.
    pub(super) fn keep(&mut self, answer: &Answer, name: &str) -> String {
        let line = answer.cookies.iter().find(|line| line.starts_with(&format!("{name}=")));
        let pair = line.unwrap_or_else(|| panic!("no {name} in {:?}: {}", answer.cookies, answer.body));
        let pair = pair.split(';').next().unwrap();
        self.cookie = if self.cookie.is_empty() || name == "lanyard" {
            pair.to_owned()
        } else {
            format!("{}; {pair}", self.cookie)
        };
        pair.split_once('=').unwrap().1.to_owned()
    }
}
