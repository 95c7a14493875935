//! What requests of a directory cost: through the real router, with log and audit rows, on a database file or on PostgreSQL.
//!
//! `make bench` runs it optimised. Times are measured, not judged: a benchmark does not fail.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::scim::{Directory, id_of, person};

/// So many of each request.
const REQUESTS: usize = 500;

/// How long each request of one kind took, in the order of the times.
struct Times(Vec<Duration>);

impl Times {
    /// The time that this share of the requests stayed below, in microseconds.
    fn percentile(&self, share: f64) -> u128 {
        let place = ((self.0.len() - 1) as f64 * share).round();
        self.0[place as usize].as_micros()
    }

    fn per_second(&self) -> f64 {
        self.0.len() as f64 / self.0.iter().sum::<Duration>().as_secs_f64()
    }
}

/// One request after the other, so that the time is that of a request and not of the queue before it.
async fn measure(mut request: impl AsyncFnMut(usize)) -> Times {
    let mut times = Vec::with_capacity(REQUESTS);
    for n in 0..REQUESTS {
        let began = Instant::now();
        request(n).await;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    Times(times)
}

async fn group_of(directory: &Directory, name: &str, members: &[String]) -> String {
    let group = directory.group(name).await;
    for part in members.chunks(500) {
        let values: Vec<Value> = part.iter().map(|id| json!({ "value": id })).collect();
        directory
            .patch(
                &format!("/Groups/{group}"),
                json!([{ "op": "add", "path": "members", "value": values }]),
            )
            .await
            .expect(204);
    }
    group
}

#[tokio::test]
#[ignore = "a benchmark: make bench"]
async fn bench_scim_requests() {
    let app = TestApp::with_pool().await;
    let organisation = app.set_up().await;
    let directory = Directory::new(&app, &organisation).await;
    let mut ids = Vec::new();
    for n in 0..2_000 {
        ids.push(directory.user(&format!("seed{n}@contoso.example")).await);
    }
    let (small, large) = (
        group_of(&directory, "Small", &ids[..10]).await,
        group_of(&directory, "Large", &ids[..1_500]).await,
    );
    let mut results: Vec<(&str, Times)> = Vec::new();
    let get = measure(async |n| drop(directory.get(&format!("/Users/{}", ids[n])).await.expect(200))).await;
    results.push(("GET user by id", get));
    let query = measure(async |n| {
        let found = directory
            .found("/Users", &format!("userName eq \"seed{n}@contoso.example\""))
            .await;
        assert_eq!(found, [ids[n].as_str()]);
    })
    .await;
    results.push(("GET users by userName", query));
    let page = measure(async |_| drop(directory.get("/Users?count=100").await.expect(200))).await;
    results.push(("GET page of 100 users", page));
    let create = measure(async |n| {
        let body = person(&format!("new{n}@contoso.example"));
        id_of(&directory.post("/Users", &body).await.expect(201));
    })
    .await;
    results.push(("POST user", create));
    let deactivate = measure(async |n| {
        let change = json!([{ "op": "replace", "path": "active", "value": false }]);
        drop(directory.patch(&format!("/Users/{}", ids[n]), change).await.expect(200));
    })
    .await;
    results.push(("PATCH active", deactivate));
    for (name, group) in [("PATCH member, group of 10", small), ("PATCH member, group of 1500", large)] {
        let member = measure(async |n| {
            let op = if n % 2 == 0 { "add" } else { "remove" };
            let change = json!([{ "op": op, "path": "members", "value": [{ "value": ids[1_999] }] }]);
            directory.patch(&format!("/Groups/{group}"), change).await.expect(204);
        })
        .await;
        results.push((name, member));
    }
    println!("{:<30} {:>9} {:>9} {:>9}", "request", "p50 µs", "p95 µs", "per s");
    let mut table = Vec::new();
    for (name, times) in &results {
        let (p50, p95, rate) = (times.percentile(0.5), times.percentile(0.95), times.per_second());
        println!("{name:<30} {p50:>9} {p95:>9} {rate:>9.0}");
        table.push(json!({ "request": name, "p50_us": p50, "p95_us": p95, "per_second": rate.round() }));
    }
    println!("{}", Value::Array(table));
}
