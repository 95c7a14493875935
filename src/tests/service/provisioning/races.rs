//! Changes at the same time, and changes that fail half-way.

use super::*;

#[tokio::test]
async fn r04_of_many_equal_creations_one_succeeds() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    for round in 0..5 {
        let name = format!("race{round}@contoso.example");
        let tries = (0..32).map(|_| {
            let (cx, name) = (directory.clone(), name.clone());
            tokio::spawn(async move { retrying(|| users::create(&cx, sent(&name))).await })
        });
        let mut made = 0;
        for outcome in futures::future::join_all(tries).await {
            match outcome.unwrap() {
                Ok(_) => made += 1,
                Err(Error::Conflict { field: "user_name", .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(made, 1);
    }
}

#[tokio::test]
async fn r03_no_member_is_lost_between_parallel_changes() {
    let app = TestApp::with_pool().await;
    let org = app.set_up().await;
    let connector = app.connector(&org).await;
    let directory = app.directory(&connector.secret).await;
    let replica = app.replica();
    let other = replica.directory(&connector.secret).await;
    let mut people = Vec::new();
    for n in 0..60 {
        people.push(
            users::create(&directory, sent(&format!("m{n}@contoso.example")))
                .await
                .unwrap()
                .record
                .id,
        );
    }
    let group = groups::create(
        &directory,
        SentGroup {
            display_name: "All".to_owned(),
            external_id: None,
            members: Vec::new(),
        },
    )
    .await
    .unwrap()
    .id;
    let tries = people.iter().enumerate().map(|(n, user)| {
        let (cx, user) = (if n % 2 == 0 { directory.clone() } else { other.clone() }, user.to_string());
        tokio::spawn(async move {
            retrying(|| groups::update(&cx, group, vec![GroupChange::AddMembers(vec![user.clone()])]))
                .await
                .unwrap();
            if n % 3 == 0 {
                retrying(|| groups::update(&cx, group, vec![GroupChange::RemoveMembers(vec![user.clone()])]))
                    .await
                    .unwrap();
            }
        })
    });
    for outcome in futures::future::join_all(tries).await {
        outcome.unwrap();
    }
    let members: HashSet<UserId> = groups::members_of(&directory, group).await.unwrap().into_iter().collect();
    let expected: HashSet<UserId> = people
        .iter()
        .enumerate()
        .filter(|(n, _)| n % 3 != 0)
        .map(|(_, id)| *id)
        .collect();
    assert_eq!(members, expected);
}

#[tokio::test]
async fn s29_a_change_of_a_group_is_all_or_nothing() {
    let app = TestApp::new().await;
    let org = app.set_up().await;
    let directory = app.directory(&app.connector(&org).await.secret).await;
    let ada = users::create(&directory, sent("ada@contoso.example"))
        .await
        .unwrap()
        .record
        .id;
    let group = groups::create(
        &directory,
        SentGroup {
            display_name: "One".to_owned(),
            external_id: None,
            members: Vec::new(),
        },
    )
    .await
    .unwrap();
    let steps = vec![
        GroupChange::SetDisplayName("Two".to_owned()),
        GroupChange::AddMembers(vec![ada.to_string()]),
        GroupChange::AddMembers(vec!["0193a2b4-c5d6-7e8f-9012-3456789abcde".to_owned()]),
    ];
    assert!(matches!(
        groups::update(&directory, group.id, steps).await,
        Err(Error::Invalid(_))
    ));
    assert_eq!(groups::get(&directory, group.id).await.unwrap(), group);
    assert_eq!(groups::members_of(&directory, group.id).await.unwrap(), []);
}
