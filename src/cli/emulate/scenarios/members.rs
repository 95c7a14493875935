//! Membership: many in one request, in parallel, repeated, and never more than was asked.

use serde_json::{Value, json};

use super::super::compare::Want;
use super::super::dialect::Op;
use super::super::directory::Directory;
use super::super::error::EmulateError;
use super::super::job::Stage;
use super::subject::Subject;

/// Members in the group at the start of each part.
const PEOPLE: usize = 6;

pub async fn play(stage: &Stage<'_>, directory: &Directory) -> Result<(), EmulateError> {
    let Some(group) = Subject::group(stage, directory, "group").await? else {
        return Ok(());
    };
    let mut people = Vec::new();
    for index in 0..PEOPLE {
        let Some(person) = Subject::user(stage, directory, &format!("m{index}")).await? else {
            return Ok(());
        };
        people.push(person.id);
    }
    add(stage, &group, &people).await?;
    remove(stage, &group, &people).await?;
    parallel(stage, &group, &people).await
}

/// Sends operations and checks answer and resulting members.
async fn change(
    stage: &Stage<'_>,
    group: &Subject,
    check: &'static str,
    operations: Vec<Value>,
    left: &[String],
) -> Result<(), EmulateError> {
    let answer = stage.patch(&group.path, operations).await?;
    let shown = stage.get(&group.path, &[]).await?;
    stage
        .expect(check, &answer)
        .patched("Group", &group.id)
        .without("members")
        .also(&shown)
        .status(200)
        .resource("Group", &group.id)
        .wants(&[Want::Values("members", left.to_vec())])
        .done();
    Ok(())
}

async fn add(stage: &Stage<'_>, group: &Subject, people: &[String]) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let (first, rest) = people.split_at(3.min(people.len()));
    change(stage, group, "add several in one operation", d.add_members(first), first).await?;
    change(
        stage,
        group,
        "add members who are there: no change, no error",
        d.add_members(first),
        first,
    )
    .await?;
    let single: Vec<Value> = rest.iter().flat_map(|id| d.add_members(std::slice::from_ref(id))).collect();
    change(stage, group, "add several, one operation each", single, people).await
}

/// RFC 7644 section 3.5.2.2 read literally would empty the group; Entra means the listed members only.
async fn remove(stage: &Stage<'_>, group: &Subject, people: &[String]) -> Result<(), EmulateError> {
    let d = stage.dialect;
    let [first, second, third, fourth, fifth, ..] = people else {
        return Ok(());
    };
    let left = |gone: &[&String]| people.iter().filter(|id| !gone.contains(id)).cloned().collect::<Vec<_>>();
    change(
        stage,
        group,
        "remove one: only that one goes",
        d.remove_members(std::slice::from_ref(first)),
        &left(&[first]),
    )
    .await?;
    change(
        stage,
        group,
        "remove somebody who is no member",
        d.remove_members(std::slice::from_ref(first)),
        &left(&[first]),
    )
    .await?;
    let pair = [second.clone(), third.clone()];
    change(
        stage,
        group,
        "remove several in one request",
        d.remove_members(&pair),
        &left(&[first, second, third]),
    )
    .await?;
    let list = vec![d.at(Op::Remove, "members", json!([{ "value": fourth }]))];
    let gone = [first, second, third, fourth];
    change(stage, group, "remove by value list", list, &left(&gone)).await?;
    let path = vec![d.remove(&format!("members[value eq \"{fifth}\"]"))];
    let gone = [first, second, third, fourth, fifth];
    change(stage, group, "remove by value path", path, &left(&gone)).await?;
    let path = vec![d.remove(&format!("members[value eq \"{fifth}\"]"))];
    change(stage, group, "remove by value path, no member any more", path, &left(&gone)).await?;
    let all = d.at(
        Op::Replace,
        "members",
        people.iter().map(|id| json!({ "value": id })).collect(),
    );
    change(stage, group, "replace all members", vec![all], people).await?;
    let operations = [
        d.remove_members(std::slice::from_ref(first)),
        d.add_members(std::slice::from_ref(first)),
    ]
    .concat();
    change(stage, group, "remove and add in one request", operations, people).await?;
    change(stage, group, "remove without a value clears", vec![d.remove("members")], &[]).await
}

/// Entra sends in parallel; a server that reads, changes and writes the member list without a lock loses some.
async fn parallel(stage: &Stage<'_>, group: &Subject, people: &[String]) -> Result<(), EmulateError> {
    let adds: Vec<_> = people
        .iter()
        .map(|id| async move {
            stage
                .patch(&group.path, stage.dialect.add_members(std::slice::from_ref(id)))
                .await
        })
        .collect();
    let answers = stage.in_parallel(adds).await?;
    let shown = stage.get(&group.path, &[]).await?;
    let refused = answers.iter().find(|answer| !matches!(answer.status, 200 | 204));
    stage
        .expect("members added in parallel: nobody is lost", refused.unwrap_or(&shown))
        .that(refused.is_none(), || "a parallel addition failed".to_owned())
        .also(&shown)
        .status(200)
        .wants(&[Want::Values("members", people.to_vec())])
        .done();
    let removals: Vec<_> = people
        .iter()
        .map(|id| async move {
            stage
                .patch(&group.path, stage.dialect.remove_members(std::slice::from_ref(id)))
                .await
        })
        .collect();
    let answers = stage.in_parallel(removals).await?;
    let shown = stage.get(&group.path, &[]).await?;
    let refused = answers.iter().find(|answer| !matches!(answer.status, 200 | 204));
    stage
        .expect("members removed in parallel: nobody comes back", refused.unwrap_or(&shown))
        .that(refused.is_none(), || "a parallel removal failed".to_owned())
        .also(&shown)
        .status(200)
        .wants(&[Want::Values("members", Vec::new())])
        .done();
    Ok(())
}
