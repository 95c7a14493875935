import { pages } from "../fixtures/console.ts";
import { Directory, FOLDERS, METADATA } from "../fixtures/entra.ts";
import { payloads } from "../fixtures/payloads.ts";
import { expect, test } from "../fixtures/test.ts";

// Security rule S17: what a directory sends is text wherever it is shown. The policy of the page is a second wall; here the first
// one must hold, so that a refusal by the policy, which the browser reports, fails the test as well.
test("s17 nothing that a directory sends becomes script", async ({ lanyard, page, server }) => {
  test.setTimeout(300_000);
  expect(payloads.length).toBeGreaterThanOrEqual(60);
  await lanyard.setUp(await server.setupLink());
  await lanyard.switchToolkitOn();
  await lanyard.addEntraConnector();
  const connector = new URL(page.url()).pathname;
  const credentials = await lanyard.copyCredentials();
  await lanyard.acknowledgeSecret(credentials.secret);
  const directory = new Directory(credentials);

  const ids: string[] = [];
  for (const [at, payload] of payloads.entries()) {
    const person = await directory.create({
      userName: `${at}${payload}`,
      externalId: payload + at,
      displayName: payload,
      name: { givenName: payload, familyName: payload },
      title: payload,
      emails: [{ type: "work", primary: true, value: `u${at}@example.org` }],
      phoneNumbers: [{ type: "work", value: payload }],
      addresses: [{ type: "work", streetAddress: payload, locality: payload }],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: payload },
      [FOLDERS]: { folders: [payload.replaceAll(",", ";")] },
      [METADATA]: { [payload.replaceAll(/[:,]/g, ";")]: payload },
    });
    ids.push(person.id);
    await directory.createGroup({ displayName: `${at}${payload}`, externalId: payload + at, members: [{ value: person.id }] });
  }
  // What is refused is recorded too.
  await directory.create({ userName: payloads[0], roles: [{ value: payloads[0] }] }).catch(() => undefined);

  const seen = async (path: string) => {
    await lanyard.open(path);
    expect(await page.evaluate(() => (globalThis as { __ran?: number }).__ran), path).toBeUndefined();
    expect(await page.locator("img, iframe, object, embed, base, video, audio, math, marquee, [onerror], [onload], [onfocus]").count(), path).toBe(0);
    expect(await page.locator('a[href^="javascript:" i], a[href^="data:" i], form[action*="evil"], link[href*="evil"]').count(), path).toBe(0);
  };
  const group = async () => (await lanyard.rows.first().getByRole("link").first().getAttribute("href")) ?? "";
  for (const path of [
    ...Object.values(pages), `${pages.users}?search=script`, `${pages.users}?search=${encodeURIComponent(payloads[21])}`, "/users?sort=created_at&dir=desc",
    `/sign-in?return_to=${encodeURIComponent("javascript:globalThis.__ran=1")}`, connector,
    ...["guide", "provisioning", "activity", "danger"].map((tab) => `${connector}?tab=${tab}`),
  ]) await seen(path);
  await lanyard.open(pages.groups);
  await seen(await group());
  await lanyard.open(pages.provisioning);
  await seen((await lanyard.rows.first().getByRole("rowheader").getByRole("link").getAttribute("href")) ?? "");
  for (const id of ids) await seen(`/users/${id}`);
  for (const id of ids.filter((_, at) => at % 16 === 0)) {
    for (const tab of ["access", "groups", "folders", "metadata", "activity"]) await seen(`/users/${id}?tab=${tab}`);
    for (const dialog of ["delete", "deactivate"]) await seen(`/users/${id}?dialog=${dialog}`);
  }
});
