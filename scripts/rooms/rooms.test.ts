import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";
import { violations } from "./rules.ts";

const broken = (file: string, ...lines: string[]) =>
  violations(file, importsOf(lines.join("\n"))).map(({ where, imports }) => `${where} ${imports}`);

test("finds every kind of import, with its line", () => {
  const source = [
    "// import a from './comment.ts'",
    'import "reflect-metadata";',
    'import type { Options } from "execa";',
    "import {",
    "  type Engine,",
    "  engine as run,",
    '} from "../engine/engine.ts";',
    'export * from "./all.ts";',
    'export const path = "./not-an-import.ts";',
    'const late = await import("./late.ts");',
    'let value: import("./type.ts").Value;',
    'import fs, * as all from "node:fs";',
  ];
  expect(importsOf(source.join("\n"))).toEqual([
    { line: 2, specifier: "reflect-metadata" },
    { line: 3, specifier: "execa" },
    { line: 4, specifier: "../engine/engine.ts" },
    { line: 8, specifier: "./all.ts" },
    { line: 10, specifier: "./late.ts" },
    { line: 11, specifier: "./type.ts" },
    { line: 12, specifier: "node:fs" },
  ]);
});

test("a channel sees its own folder, the public API and what Node brings, and nothing else", () => {
  const api = 'import { claim } from "../../harness/index.ts";';
  const entry = 'import { nobody } from "../../harness/credentials.ts";';
  const own = 'import { ports } from "./ports.ts";';
  expect(broken("suites/etcd-client/claims.ts", api, entry, own)).toEqual([]);
  expect(broken("suites/a/claims.ts", 'import { ports } from "../b/ports.ts";')).toHaveLength(1);
  expect(broken("suites/a/claims.ts", 'import { x } from "../../harness/pki/ca.ts";')).toHaveLength(1);
  expect(broken("suites/a/b.ts", 'import "node:http";', 'import "vitest";')).toEqual([
    "suites/a/b.ts:2 vitest",
  ]);
  expect(broken("clusters/index.ts", 'import type { Suite } from "../suites/index.ts";')).toHaveLength(1);
  expect(broken("clusters/index.ts", 'import { kubernetes } from "../harness/channel.ts";')).toEqual([]);
  expect(broken("clusters/index.ts", 'import { kubernetes } from "../harness/index.ts";')).toHaveLength(1);
});

test("of the library, only cli knows suites and clusters", () => {
  const source = 'const { clusters } = await import("../../clusters/index.ts");';
  expect(broken("harness/cli/verify.ts", source)).toEqual([]);
  expect(broken("harness/claim/run.ts", source)).toHaveLength(1);
  expect(broken("scripts/bench.ts", 'import { clusters } from "../clusters/index.ts";')).toEqual([]);
});

test("a module imports those before it, and none after it", () => {
  expect(broken("harness/cluster/boot.ts", 'import { Node } from "../node/node.ts";')).toEqual([]);
  expect(
    broken("harness/node/node.ts", 'import type { Cluster } from "../cluster/cluster.ts";'),
  ).toHaveLength(1);
  expect(broken("harness/pki/ca.ts", 'import { oneLine } from "../support/errors.ts";')).toEqual([]);
  expect(broken("harness/support/errors.ts", 'import { claim } from "../claim/claim.ts";')).toHaveLength(1);
  expect(broken("harness/reporters/json.ts", 'import { x } from "../config/yaml.ts";')).toHaveLength(1);
  expect(broken("harness/claim/claim.ts", 'import { claim } from "../index.ts";')).toHaveLength(1);
  expect(broken("harness/index.ts", 'export { main } from "./cli/main.ts";')).toHaveLength(1);
  expect(broken("harness/index.ts", 'export { claim } from "./claim/claim.ts";')).toEqual([]);
});

test("some packages belong to a module", () => {
  expect(broken("harness/probe/tls.ts", 'import { X509Certificate } from "@peculiar/x509";')).toHaveLength(1);
  expect(broken("harness/pki/ca.ts", 'import { X509Certificate } from "@peculiar/x509";')).toEqual([]);
  expect(broken("harness/probe/tls.ts", 'import { expect } from "vitest/node";')).toHaveLength(1);
  expect(broken("harness/probe/tls.test.ts", 'import { expect } from "vitest";')).toEqual([]);
  expect(broken("harness/lab/lab.ts", 'import { dir } from "tmp-promise";')).toHaveLength(1);
});

test("the engine and kind are reached through the provider", () => {
  const engine = 'import { findEngine } from "../engine/engine.ts";';
  expect(broken("harness/cluster/boot.ts", engine)).toHaveLength(1);
  expect(broken("harness/lease/reap.ts", engine)).toHaveLength(1);
  expect(broken("harness/image/build.ts", engine)).toEqual([]);
  expect(
    broken("harness/cluster/boot.ts", 'import { kind } from "../provider/kind/provider.ts";'),
  ).toHaveLength(1);
  expect(broken("harness/cluster/boot.ts", 'import { providerOf } from "../provider/providers.ts";')).toEqual(
    [],
  );
  expect(broken("harness/provider/providers.ts", 'import { kind } from "./kind/provider.ts";')).toEqual([]);
});
