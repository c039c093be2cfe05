import { posix } from "node:path";
import type { Import } from "./imports.ts";

/** Which rooms of harness/ a room may enter, besides itself, `engine` and the single files at harness/'s top. */
const ROOMS: Record<string, string[]> = {
  engine: [],
  pki: [],
  node: [],
  image: [],
  cluster: ["node", "image"],
  identity: ["pki", "node", "cluster"],
  probe: ["pki", "node", "cluster", "identity"],
  lab: ["pki", "node", "cluster", "identity", "probe"],
  report: [], // its schema is the words in which claims tell what they saw
  claim: ["pki", "node", "cluster", "identity", "probe", "lab", "report"],
  sabotage: ["pki", "node", "cluster", "identity", "probe", "lab", "claim", "report"],
  cli: ["pki", "node", "image", "cluster", "identity", "probe", "lab", "claim", "report", "sabotage"],
};

/** Packages that belong to a few rooms. Tests may use the test libraries anywhere. */
const PACKAGES: Record<string, string[]> = {
  "@peculiar/x509": ["pki"],
  "reflect-metadata": ["pki"],
  "@kubernetes/client-node": ["identity", "probe", "lab", "sabotage", "index.ts"],
  undici: ["probe"],
  testcontainers: ["lab"],
  "tmp-promise": ["tempdir.ts"],
  vitest: ["claim"],
  "fast-check": [],
};
const TEST_LIBRARIES = ["vitest", "fast-check"];

/** Functions that belong to a few rooms: who talks to the engine, and who to kind. */
const FUNCTIONS: { file: string; name: string; rooms: string[] }[] = [
  { file: "harness/engine/engine.ts", name: "engine", rooms: ["engine", "image", "cluster", "lab", "cli"] },
  { file: "harness/cluster/kind/binary.ts", name: "kindBinary", rooms: ["image", "cluster", "cli"] },
];

/** An import that a rule forbids. */
export interface Violation {
  where: string;
  imports: string;
  rule: string;
}

/** What is wrong with the imports of one file; `file` is its path from the root of the repository. */
export function violations(file: string, imports: Import[]): Violation[] {
  return imports.flatMap((found) => {
    const rule = brokenRule(file, found);
    return rule ? [{ where: `${file}:${found.line}`, imports: found.specifier, rule }] : [];
  });
}

function brokenRule(file: string, { specifier, names }: Import): string | undefined {
  const from = placeOf(file);
  const target = specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : undefined;
  const isTestLibrary = /\.test(-data)?\.ts$/.test(file) && TEST_LIBRARIES.includes(packageOf(specifier));
  if (isTestLibrary) return undefined;
  if (from.top === "suites" || from.top === "clusters") return leavesHouse(from.top, target);
  if (from.top !== "harness") return undefined;
  if (target === undefined)
    return entersWith(PACKAGES[packageOf(specifier)], from.room, packageOf(specifier));
  const privileged = FUNCTIONS.find(
    (one) => one.file === target && (names.includes(one.name) || names.includes("*")),
  );
  return (
    entersRoom(from.room, placeOf(target)) ??
    entersWith(privileged?.rooms, from.room, `${privileged?.name}()`)
  );
}

/** suites and clusters see the library through its door, and nothing else: what they need, the door offers. */
function leavesHouse(top: string, target: string | undefined): string | undefined {
  if (target?.startsWith(`${top}/`) || target === "harness/index.ts") return undefined;
  return `${top}/ imports harness/index.ts and nothing else`;
}

function entersRoom(room: string, target: Place): string | undefined {
  if (target.top === "suites" || target.top === "clusters") {
    return room === "cli" ? undefined : `of harness/, only cli knows ${target.top}/`;
  }
  if (target.top === "scripts") return "scripts/ is not part of the library";
  if (target.top !== "harness" || target.room === room) return undefined;
  if (target.room === "index.ts")
    return room === "cli" ? undefined : "harness/index.ts is the door for those outside";
  if (target.room === "engine" || isFile(target.room)) return undefined;
  if (room === "index.ts")
    return target.room === "cli" ? "the door of the library does not lead to cli" : undefined;
  const allowed = ROOMS[room] ?? [];
  if (allowed.includes(target.room)) return undefined;
  return `harness/${room} may enter ${allowed.join(", ") || "no room but engine"}; not ${target.room}`;
}

function entersWith(rooms: string[] | undefined, room: string, what: string): string | undefined {
  if (!rooms || rooms.includes(room)) return undefined;
  return `${what} belongs to ${rooms.map((name) => `harness/${name}`).join(", ") || "tests"}`;
}

/** `harness/cluster/kind/binary.ts` is in room `cluster` of harness; `harness/errors.ts` is its own room. */
interface Place {
  top: string;
  room: string;
}

function placeOf(file: string): Place {
  const [top = "", room = ""] = file.split("/");
  return { top, room };
}

const isFile = (room: string) => room.endsWith(".ts");

/** `vitest/node` belongs to `vitest`, `@peculiar/x509/x` to `@peculiar/x509`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
