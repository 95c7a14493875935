use lanyard::domain::audit::{AuditQuery, ChainFaultKind};
use lanyard::service::{Error, audit, billing, groups, maintenance, setup};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

use crate::app::TestApp;
use crate::process::scaled;

#[tokio::test]
async fn s53_the_chain_is_gap_free_and_verifies() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    for n in 0..25 {
        groups::create(&org.admin, &format!("Group {n}")).await.unwrap();
    }
    let report = audit::verify(&org.admin).await.unwrap();
    assert_eq!(report.fault, None);
    let newest = audit::list(&org.admin, &AuditQuery::default()).await.unwrap();
    assert_eq!(newest.items[0].sequence, i64::try_from(report.rows).unwrap());
    for (name, report) in audit::verify_all(&app.cli()).await.unwrap() {
        assert_eq!(report.fault, None, "{name}");
    }
}

#[tokio::test]
async fn s52_links_and_copies_of_the_whole_installation_leave_rows() {
    let app = TestApp::new().await;
    let rows = || async {
        let chains = audit::verify_all(&app.cli()).await.unwrap();
        chains.iter().map(|(_, report)| report.rows).sum::<u64>()
    };
    let before = rows().await;
    setup::create_link(&app.cli()).await.unwrap();
    assert_eq!(rows().await, before + 1);
    maintenance::record_backup(&app.cli(), "copy.db").await.unwrap();
    assert_eq!(rows().await, before + 2);
    let org = app.set_up().await;
    for cx in [&org.admin, &app.anonymous()] {
        assert!(maintenance::record_backup(cx, "copy.db").await.is_err());
        assert!(setup::create_link(cx).await.is_err());
    }
}

#[tokio::test]
async fn s53_two_replicas_write_one_unbroken_chain() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let before = audit::verify(&org.admin).await.unwrap().rows;
    let each: u64 = scaled(5, 500);
    let replica = app.replica();
    let admins = [org.admin.clone(), replica.holder(&org.cookie).await];
    let writers = admins.into_iter().enumerate().flat_map(|(replica, cx)| {
        (0..10).map(move |writer| {
            let cx = cx.clone();
            tokio::spawn(async move {
                for n in 0..each {
                    let name = format!("Group {replica} {writer} {n}");
                    lanyard::service::error::retrying(|| groups::create(&cx, &name))
                        .await
                        .unwrap();
                }
            })
        })
    });
    for writer in futures::future::join_all(writers).await {
        writer.unwrap();
    }
    let report = audit::verify(&org.admin).await.unwrap();
    assert_eq!((report.fault, report.rows), (None, before + 20 * each));
}

/// A SQLite file whose triggers an attacker with the file has dropped.
async fn tampered(with: &str) -> (Option<lanyard::domain::audit::ChainFault>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let app = TestApp::at(&url).await;
    let org = app.set_up().await;
    for n in 0..scaled(10, 10_000) {
        groups::create(&org.admin, &format!("Group {n}")).await.unwrap();
    }
    let raw: DatabaseConnection = Database::connect(&url).await.unwrap();
    let chain = hex::encode(org.id.as_uuid().as_bytes());
    for statement in [
        "DROP TRIGGER audit_log_no_update",
        "DROP TRIGGER audit_log_no_delete",
        &with.replace("CHAIN", &format!("chain_id = x'{chain}'")),
    ] {
        for part in statement.split(';') {
            raw.execute_unprepared(part).await.unwrap();
        }
    }
    let report = audit::verify(&org.admin).await.unwrap();
    (report.fault, report.rows)
}

#[tokio::test]
async fn s53_tampering_is_found_and_the_first_bad_row_named() {
    for (with, sequence) in [
        ("UPDATE audit_log SET action = 'user.create' WHERE CHAIN AND sequence = 6", 6),
        ("UPDATE audit_log SET target_id = NULL WHERE CHAIN AND sequence = 7", 7),
        ("DELETE FROM audit_log WHERE CHAIN AND sequence = 5", 5),
        (
            "UPDATE audit_log SET sequence = -1 WHERE CHAIN AND sequence = 8; UPDATE audit_log SET sequence = 8 WHERE CHAIN AND sequence = 9; UPDATE audit_log SET sequence = 9 WHERE CHAIN AND sequence = -1",
            8,
        ),
        (
            "UPDATE audit_details SET details = replace(details, 'Group 3\"', 'Group X\"')",
            8,
        ),
    ] {
        let (fault, _) = tampered(with).await;
        let fault = fault.unwrap_or_else(|| panic!("not found: {with}"));
        assert_eq!(fault.sequence, sequence, "{with}: {}", fault.kind);
    }
}

#[tokio::test]
async fn s53_a_cut_tail_is_found_also_when_the_end_is_set_back() {
    let cut = "DELETE FROM audit_log WHERE CHAIN AND sequence > 10";
    assert_eq!(tampered(cut).await.0.map(|fault| fault.sequence), Some(11));
    let set_back = format!(
        "{cut}; UPDATE audit_heads SET sequence = 10, hash = (SELECT hash FROM audit_log WHERE CHAIN AND sequence = 10) WHERE CHAIN"
    );
    let fault = tampered(&set_back).await.0.expect("the signature does not fit");
    assert_eq!(fault.kind, ChainFaultKind::WrongSignature);
}

#[tokio::test]
async fn s53_erasing_names_leaves_the_chain_whole() {
    assert_eq!(tampered("DELETE FROM audit_details").await.0, None);
}

#[tokio::test]
async fn s53_the_database_itself_refuses_to_change_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let app = TestApp::at(&url).await;
    app.set_up().await;
    let raw = Database::connect(&url).await.unwrap();
    for statement in ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"] {
        let error = raw.execute_unprepared(statement).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn s52_what_cannot_be_audited_does_not_happen() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let app = TestApp::at(&url).await;
    let org = app.set_up().await;
    let raw = Database::connect(&url).await.unwrap();
    raw.execute_unprepared("CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
        .await
        .unwrap();
    assert!(matches!(groups::create(&org.admin, "Never").await, Err(Error::Internal(_))));
    assert!(billing::set_toolkit(&org.admin, false).await.is_err());
    raw.execute_unprepared("DROP TRIGGER no_audit").await.unwrap();
    assert_eq!(groups::list(&org.admin, &Default::default()).await.unwrap().items.len(), 0);
    assert!(billing::get(&org.admin).await.unwrap().has_enterprise_toolkit);
    assert_eq!(audit::verify(&org.admin).await.unwrap().fault, None);
}

#[tokio::test]
async fn s53_exported_heads_are_signed() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let heads = audit::export_heads(&app.services).await.unwrap();
    assert!(
        heads
            .iter()
            .any(|head| head.chain == org.id.to_string() && head.sequence > 0 && head.signature.len() == 64)
    );
}
