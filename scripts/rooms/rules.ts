import { posix } from "node:path";
import type { Import } from "./imports.ts";

/**
 * The modules of harness/, each of which may import those before it and none after it: no circle can arise. ARCHITECTURE.md
 * says what each is for.
 */
const MODULES = [
  "support",
  "config",
  "results",
  "reporters",
  "pki",
  "identity",
  "node",
  "engine",
  "image",
  "provider",
  "lease",
  "cluster",
  "probe",
  "lab",
  "claim",
  "mutant",
  "cli",
];

/** What a module may import less than its place allows. */
const ONLY: Record<string, string[]> = {
  reporters: ["support", "results"], // a report is painted from its results and nothing else
};

/** The public API: what a suite sees is what an outsider sees. */
const PUBLIC = [
  "index.ts",
  "channel.ts",
  "credentials.ts",
  "nodes.ts",
  "probes.ts",
  "fixtures.ts",
  "sabotage.ts",
];

/** Packages that belong to a few modules. Tests may use the test libraries anywhere. */
const PACKAGES: Record<string, string[]> = {
  "@peculiar/x509": ["pki"],
  "reflect-metadata": ["pki"],
  "@kubernetes/client-node": [
    "identity",
    "probe",
    "lab",
    "claim",
    "mutant",
    "index.ts",
    "fixtures.ts",
    "probes.ts",
  ],
  undici: ["probe"],
  testcontainers: ["provider"],
  "tmp-promise": ["support"],
  vitest: ["claim"],
  "fast-check": [],
};
const TEST_LIBRARIES = ["vitest", "fast-check"];

/** Directories that belong to a few modules: all others reach the engine and kind through the provider. */
const DIRECTORIES: Record<string, string[]> = {
  "harness/engine": ["engine", "image", "provider", "cli"],
  "harness/provider/kind": ["provider", "cli"],
};

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

function brokenRule(file: string, { specifier }: Import): string | undefined {
  const from = placeOf(file);
  const target = specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : undefined;
  const isTestLibrary = /\.test(-data)?\.ts$/.test(file) && TEST_LIBRARIES.includes(packageOf(specifier));
  if (isTestLibrary) return undefined;
  if (from.top === "suites" || from.top === "clusters") return leavesPublicApi(file, target ?? specifier);
  if (from.top !== "harness") return undefined;
  if (target === undefined)
    return belongsTo(PACKAGES[packageOf(specifier)], from.module, packageOf(specifier));
  const directory = posix.dirname(target);
  return (
    importsModule(from.module, placeOf(target)) ?? belongsTo(DIRECTORIES[directory], from.module, directory)
  );
}

/** A channel sees its own folder, the public API and what Node brings: what else it needs, the public API offers. */
function leavesPublicApi(file: string, target: string): string | undefined {
  const own = file
    .split("/")
    .slice(0, file.startsWith("suites/") ? 2 : 1)
    .join("/");
  if (target.startsWith(`${own}/`) || target.startsWith("node:")) return undefined;
  const entries = own === "clusters" ? ["channel.ts"] : PUBLIC; // the command line loads clusters/ before a boot
  if (entries.some((entry) => target === `harness/${entry}`)) return undefined;
  return `${own} imports its own files and ${entries.map((entry) => `harness/${entry}`).join(", ")}`;
}

function importsModule(module: string, target: Place): string | undefined {
  if (target.top === "suites" || target.top === "clusters") {
    return module === "cli" ? undefined : `of harness/, only cli imports ${target.top}/`;
  }
  if (target.top === "scripts") return "scripts/ is not part of the library";
  if (target.top !== "harness" || target.module === module) return undefined;
  if (PUBLIC.includes(target.module)) {
    return module === "cli" ? undefined : `harness/${target.module} is for importers outside harness/`;
  }
  if (target.module === "reporters" && module !== "cli") return "of harness/, only cli imports reporters/";
  const [place, wanted] = [placeInOrder(module), MODULES.indexOf(target.module)];
  const allowed = ONLY[module] ?? MODULES.slice(0, place);
  if (wanted >= 0 && allowed.includes(target.module)) return undefined;
  return `harness/${module} may import ${allowed.join(", ") || "no other module"}; not ${target.module}`;
}

/** The public API offers everything below the command line. */
function placeInOrder(module: string): number {
  return PUBLIC.includes(module) ? MODULES.indexOf("cli") : MODULES.indexOf(module);
}

function belongsTo(modules: string[] | undefined, module: string, what: string): string | undefined {
  if (!modules || modules.includes(module)) return undefined;
  return `${what} belongs to ${modules.map((name) => `harness/${name}`).join(", ") || "tests"}`;
}

/** `harness/provider/kind/binary.ts` is in module `provider` of harness; `harness/index.ts` is its own module. */
interface Place {
  top: string;
  module: string;
}

function placeOf(file: string): Place {
  const [top = "", module = ""] = file.split("/");
  return { top, module };
}

/** `vitest/node` belongs to `vitest`, `@peculiar/x509/x` to `@peculiar/x509`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
