import { cp, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { EnvironmentError } from "../support/errors.ts";
import { type GoComponent, kubernetesModule } from "./components.ts";
import { recipeDirectory } from "./digest.ts";
import { tiedToParent } from "./machine.ts";

/**
 * GOGC: k8s.io/kubernetes compiles a fifth faster with a lazier collector. GOTOOLCHAIN: a build never fetches a
 * compiler behind the user's back. GOWORK: nor does a workspace change it that the cache happens to lie in.
 */
const goEnvironment = { CGO_ENABLED: "0", GOGC: "800", GOTOOLCHAIN: "local", GOWORK: "off" };

/** `-mod=mod` fills in go.mod and go.sum. The linker strips debug information anyway: not making it saves a tenth. */
export const buildFlags = ["-mod=mod", "-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"];

let toolchain: Promise<string | undefined> | undefined;

/** The version of the Go that is on PATH (`go1.26.8`), or undefined. Asked once in a process. */
export function goVersion(): Promise<string | undefined> {
  toolchain ??= execa("go", ["env", "GOVERSION"], {
    env: goEnvironment,
    reject: false,
    stdin: "ignore",
  }).then(({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : undefined));
  return toolchain;
}

/** The version of the Go on PATH; an EnvironmentError where there is none. */
export async function requireGo(): Promise<string> {
  const version = await goVersion();
  if (version) return version;
  throw new EnvironmentError("Go is needed to build a node image.", {
    expected: "a `go` on PATH, 1.26 or later",
    found: "none that answers to `go env GOVERSION`",
    remedy: "install Go (https://go.dev/dl), or make a registry with kindest/node reachable",
  });
}

/** Builds a component's programs into an empty directory (its `source` stays beside them). */
export async function buildGo(component: GoComponent, directory: string): Promise<void> {
  const source = join(directory, "source");
  await mkdir(source);
  if (component.main) await cp(join(recipeDirectory, component.main), source, { recursive: true });
  await writeFile(join(source, "go.mod"), await goMod(component));
  const run = await execa(...tiedToParent("go", buildArguments(component, directory)), {
    cwd: source,
    env: goEnvironment,
    stdin: "ignore",
    reject: false,
    all: true,
  });
  if (run.exitCode !== 0) {
    throw new EnvironmentError(`${component.name} ${component.version} could not be built.`, {
      where: `go build with ${await goVersion()}`,
      found: run.all?.split("\n").slice(-12).join("\n") || run.shortMessage || "no message",
      remedy: "`requires go >= …` asks for a newer Go; for a download that failed, see `go env GOPROXY`",
    });
  }
  for (const built of await readdir(directory)) {
    const called = component.rename?.[built];
    if (called) await rename(join(directory, built), join(directory, called));
  }
}

/** The directory of a published module's files, downloaded where it is not there. */
export async function moduleDirectory(module: string, version: string): Promise<string> {
  const { stdout } = await execa("go", ["mod", "download", "-json", `${module}@${version}`], {
    cwd: tmpdir(), // no module of the caller's has a say
    env: goEnvironment,
    stdin: "ignore",
    reject: false,
  });
  const answer = JSON.parse(stdout || "{}") as { Dir?: string; Error?: string };
  if (answer.Dir) return answer.Dir;
  throw new EnvironmentError(`The Go module ${module}@${version} could not be downloaded.`, {
    found: answer.Error ?? "no answer",
    remedy: "check the network and `go env GOPROXY`",
  });
}

interface ModFile {
  Go: string;
  Require: { Path: string; Version: string }[] | null;
}

async function goMod({ module, version, libraries = {} }: GoComponent): Promise<string> {
  if (!module) return "module nodeimage\ngo 1.24.0\n";
  const directory = await moduleDirectory(module, version);
  const { stdout } = await execa("go", ["mod", "edit", "-json", join(directory, "go.mod")], {
    env: goEnvironment,
    stdin: "ignore",
  });
  const { Go, Require } = JSON.parse(stdout) as ModFile;
  // The go line is the module's own: it decides the defaults of GODEBUG, and with them what crypto/tls and
  // crypto/x509 of these programs accept.
  const lines = ["module nodeimage", `go ${Go}`, `require ${module} ${version}`];
  for (const [library, wanted] of Object.entries(libraries)) lines.push(`require ${library} ${wanted}`);
  if (module === kubernetesModule) {
    // Its libraries are in ./staging, which its module asks for as v0.0.0 and does not carry. Each is published as a
    // module of its own, v1.37.2's as v0.37.2.
    const published = version.replace(/^v1\./, "v0.");
    const staged = (Require ?? []).filter((required) => required.Version === "v0.0.0");
    for (const { Path } of staged) lines.push(`require ${Path} ${published}`);
  }
  return `${lines.join("\n")}\n`;
}

function buildArguments(
  { module, commands = [], tags, stamp = {}, main }: GoComponent,
  directory: string,
): string[] {
  const stamps = Object.entries(stamp).map(([name, value]) => `-X ${name}=${value}`);
  const packages = commands.map((command) => (command ? `${module}/${command}` : `${module}`));
  return [
    "build",
    ...buildFlags,
    `-ldflags=${["-s", "-w", ...stamps].join(" ")}`,
    ...(tags ? ["-tags", tags] : []),
    "-o",
    main ? join(directory, main) : `${directory}/`,
    ...(main ? ["."] : packages),
  ];
}
