import { emulate, failures } from "../fixtures/entra.ts";
import { Server, sleep } from "../fixtures/server.ts";
import { expect, test } from "../fixtures/test.ts";

interface Organisation {
  id: string;
}
interface Connector {
  scim_url: string;
  secret: string;
}

/** An organisation with an Entra connector, made by the command line. */
async function withConnector(server: Server): Promise<{ scimUrl: string; secret: string }> {
  const organisation = await server.cliJson<Organisation>("org", "create", "Acme GmbH", "--enterprise-toolkit");
  const connector = await server.cliJson<Connector>("connector", "create", "--org", organisation.id, "--kind", "entra");
  return { scimUrl: connector.scim_url, secret: connector.secret };
}

// Done when 6: what was acknowledged before a crash is there afterwards, and Entra's next run leads to the same state.
test("kill -9 in the middle of a cycle loses nothing @both", async ({ server }) => {
  test.setTimeout(300_000);
  const credentials = await withConnector(server);
  const cycle = ["--users", "60", "--groups", "4", "--dialect", "flag", "--scenario", "initial-cycle", "--seed", "11", "--keep"];
  for (const moment of [300, 900]) {
    // The cut-off run is meant to fail; what it reports does not matter.
    const cut = emulate(server, credentials, ...cycle).catch(() => undefined);
    await sleep(moment);
    await server.kill();
    await cut;
    await server.launch();
    await server.cli("audit", "verify");
  }
  const card = await emulate(server, credentials, ...cycle);
  expect(failures(card)).toEqual([]);
  await server.cli("audit", "verify");
});

test("emulated Entra: full marks in both dialects @both", async ({ server }) => {
  test.setTimeout(300_000);
  const card = await emulate(server, await withConnector(server), "--users", "20", "--groups", "3", "--seed", "3");
  expect(failures(card)).toEqual([]);
  expect(card.failed).toBe(0);
  expect(card.passed).toBeGreaterThan(0);
});
