// Checks what Lanyard is made of, from Cargo.lock and the manifests of its dependencies, and writes a bill of materials.
//
//   node .ci/supply-chain.mjs     exit 1 on a finding; writes target/sbom.cdx.json (CycloneDX 1.5)
//
// Checked: one source for all crates, each with a checksum; banned crates; crates that must exist once; licences.
// Lowest versions (security rule S60) are checked by the Rust tests. Advisories need a database: they are checked when
// cargo-audit is installed and reaches it, otherwise the run says that they were not.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = resolve(root, process.env.CARGO_TARGET_DIR || "target");

/** Licences that may be in the product. */
const allowed = new Set([
  "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "MIT", "MIT-0", "ISC", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Zlib",
  "CC0-1.0", "BSL-1.0", "Unlicense", "Unicode-3.0", "Unicode-DFS-2016", "CDLA-Permissive-2.0", "MPL-2.0",
]);

/** Crates that must not be there, with the reason. */
const banned = {
  openssl: "TLS is rustls with ring",
  "openssl-sys": "TLS is rustls with ring",
  "native-tls": "TLS is rustls with ring",
  "aws-lc-sys": "TLS is rustls with ring: no second C crypto library",
  "aws-lc-rs": "TLS is rustls with ring: no second C crypto library",
};

/** Crates that exist once, or types of one do not fit the other, or the binary carries two. */
const single = [
  "leptos", "leptos_router", "leptos_meta", "leptos_axum", "leptos_i18n", "reactive_graph", "tachys", "server_fn", "axum", "hyper", "http",
  "tokio", "rustls", "ring", "reqwest", "sea-orm", "sea-query", "sqlx-core", "libsqlite3-sys", "uuid", "chrono", "wasm-bindgen",
];

const findings = [];

// --- Cargo.lock: sources, checksums, bans -------------------------------------------------------------------------------------
const locked = readFileSync(join(root, "Cargo.lock"), "utf8")
  .split("[[package]]")
  .slice(1)
  .map((block) => {
    const field = (name) => new RegExp(`^${name} = "([^"]*)"`, "m").exec(block)?.[1];
    return { name: field("name"), version: field("version"), source: field("source"), checksum: field("checksum") };
  });
const external = locked.filter((crate) => crate.source);
const sources = new Set(external.map((crate) => crate.source));
for (const source of sources) {
  if (!source.startsWith("registry+")) findings.push(`source: ${source} is not the registry`);
}
if (sources.size > 1) findings.push(`source: ${sources.size} different ones`);
for (const crate of external) {
  if (!crate.checksum) findings.push(`checksum: ${crate.name} ${crate.version} has none`);
  if (banned[crate.name]) findings.push(`banned: ${crate.name} ${crate.version} (${banned[crate.name]})`);
}
for (const name of single) {
  const versions = external.filter((crate) => crate.name === name).map((crate) => crate.version);
  if (versions.length > 1) findings.push(`twice: ${name} ${versions.join(", ")}`);
}

// --- manifests: licences ------------------------------------------------------------------------------------------------------
const metadata = JSON.parse(
  execFileSync(
    "cargo",
    ["metadata", "--locked", "--format-version", "1", "--features", "ssr,hydrate",
      "--filter-platform", "x86_64-unknown-linux-gnu", "--filter-platform", "wasm32-unknown-unknown"],
    { cwd: root, encoding: "utf8", maxBuffer: 256 * 1024 * 1024, stdio: ["ignore", "pipe", "inherit"] },
  ),
);
const packages = new Map(metadata.packages.map((one) => [one.id, one]));
const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
// What is built into the product or runs while it is built; crates of tests alone are not shipped.
const shipped = new Set();
const visit = (id) => {
  if (shipped.has(id)) return;
  shipped.add(id);
  for (const dependency of nodes.get(id).deps) {
    if (dependency.dep_kinds.some((kind) => kind.kind !== "dev")) visit(dependency.pkg);
  }
};
metadata.workspace_members.forEach(visit);

/** Evaluates an SPDX expression: AND binds stronger than OR; `/` is the old spelling of OR. */
const accepts = (expression) => {
  const tokens = expression.replaceAll("/", " OR ").replace(/[()]/g, " $& ").trim().split(/\s+/);
  let at = 0;
  const atom = () => {
    if (tokens[at] === "(") {
      at++;
      const inner = either();
      at++;
      return inner;
    }
    let id = tokens[at++];
    if (tokens[at] === "WITH") {
      id += ` WITH ${tokens[at + 1]}`;
      at += 2;
    }
    return allowed.has(id);
  };
  const both = () => {
    let result = atom();
    while (tokens[at] === "AND") {
      at++;
      result = atom() && result;
    }
    return result;
  };
  const either = () => {
    let result = both();
    while (tokens[at] === "OR") {
      at++;
      result = both() || result;
    }
    return result;
  };
  return either();
};
for (const id of shipped) {
  const one = packages.get(id);
  if (!one.source) continue;
  if (!one.license) findings.push(`licence: ${one.name} ${one.version} names none${one.license_file ? ` (see ${one.license_file})` : ""}`);
  else if (!accepts(one.license)) findings.push(`licence: ${one.name} ${one.version} is ${one.license}`);
}

// --- what of npm ends up in the product: the stylesheet and the icons ---------------------------------------------------------
const style = JSON.parse(readFileSync(join(root, "style", "package-lock.json"), "utf8")).packages;
const fromNpm = ["tailwindcss", "daisyui", "lucide-static"].map((name) => ({ name, ...style[`node_modules/${name}`] }));
for (const one of fromNpm) {
  if (!one.license || !accepts(one.license)) findings.push(`licence: npm ${one.name} ${one.version} is ${one.license}`);
  if (!one.integrity) findings.push(`checksum: npm ${one.name} ${one.version} has none`);
}

// --- bill of materials --------------------------------------------------------------------------------------------------------
const checksums = new Map(external.map((crate) => [`${crate.name} ${crate.version}`, crate.checksum]));
const reference = (one) => `pkg:cargo/${one.name}@${one.version}`;
const components = [...shipped]
  .map((id) => packages.get(id))
  .filter((one) => one.source)
  .map((one) => {
    const checksum = checksums.get(`${one.name} ${one.version}`);
    return {
      type: "library", "bom-ref": reference(one), name: one.name, version: one.version, purl: reference(one),
      ...(one.license && { licenses: [{ expression: one.license.replaceAll("/", " OR ") }] }),
      ...(checksum && { hashes: [{ alg: "SHA-256", content: checksum }] }),
    };
  })
  .concat(
    fromNpm.map((one) => ({
      type: "library", "bom-ref": `pkg:npm/${one.name}@${one.version}`, name: one.name, version: one.version,
      purl: `pkg:npm/${one.name}@${one.version}`, licenses: [{ expression: one.license }],
    })),
  )
  .sort((a, b) => a["bom-ref"].localeCompare(b["bom-ref"]));
const product = metadata.packages.find((one) => one.name === "lanyard");
const dependencies = [...shipped].map((id) => ({
  ref: reference(packages.get(id)),
  dependsOn: [...new Set(nodes.get(id).deps.filter((one) => shipped.has(one.pkg)).map((one) => reference(packages.get(one.pkg))))].sort(),
}));
const bom = {
  bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
  metadata: { component: { type: "application", "bom-ref": reference(product), name: product.name, version: product.version } },
  components, dependencies,
};
const text = `${JSON.stringify(bom, null, 1)}\n`;
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "sbom.cdx.json"), text);

// --- advisories ---------------------------------------------------------------------------------------------------------------
let advisories = "advisories NOT checked: cargo-audit is not installed";
if (spawnSync("cargo", ["audit", "--version"], { stdio: "ignore" }).status === 0) {
  const ignore = ["RUSTSEC-2023-0071", "RUSTSEC-2026-0173"]; // rsa: verification only; proc-macro-error2: build time, through Leptos
  const run = spawnSync("cargo", ["audit", "--quiet", ...ignore.flatMap((id) => ["--ignore", id])], { cwd: root, encoding: "utf8" });
  const unreachable = /fetch|clone|network|resolve host|dns|connect/i.test(run.stderr) && !/vulnerabilit(y|ies) found/i.test(run.stderr + run.stdout);
  if (run.status === 0) advisories = "no advisory applies";
  else if (unreachable) advisories = "advisories NOT checked: the database cannot be reached";
  else {
    findings.push(`advisories:\n${run.stdout}${run.stderr}`);
    advisories = "advisories found";
  }
}

const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
console.log(`supply chain: ${external.length} locked crates, ${components.length} in the product; bill of materials ${digest}; ${advisories}`);
for (const finding of findings) console.error(`supply chain: ${finding}`);
process.exit(findings.length ? 1 : 0);
