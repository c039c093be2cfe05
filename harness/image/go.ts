import { cp, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "../cached.ts";
import { EnvironmentError } from "../errors.ts";
import type { GoComponent } from "./components.ts";
import { digestOf, recipeDirectory } from "./key.ts";
import { tied } from "./machine.ts";

/**
 * GOGC: compiling k8s.io/kubernetes is a fifth faster with a lazier collector. GOTOOLCHAIN: a build never fetches a
 * compiler behind the user's back. GOWORK: nor is it changed by a workspace that the cache happens to lie in.
 */
const buildEnvironment = { CGO_ENABLED: "0", GOGC: "800", GOTOOLCHAIN: "local", GOWORK: "off" };

let toolchain: Promise<string | undefined> | undefined;

/** The version of the Go that is on PATH (`go1.26.8`), or undefined. Asked once in a process. */
export function goVersion(): Promise<string | undefined> {
  toolchain ??= execa("go", ["env", "GOVERSION"], { env: buildEnvironment, reject: false, stdin: "ignore" }).then(
    ({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : undefined),
  );
  return toolchain;
}

/** The version of the Go on PATH; an EnvironmentError that says what it is needed for where there is none. */
export async function requireGo(purpose: string): Promise<string> {
  const version = await goVersion();
  if (version) return version;
  throw new EnvironmentError(`Go is needed to ${purpose}.`, {
    expected: "a `go` on PATH (1.26 or later)",
    found: "none that answers to `go env GOVERSION`",
    remedy: "install Go (https://go.dev/dl), or make the registry reachable so that nothing has to be built",
  });
}

/** The directory with a component's programs, built now where the cache does not have them. */
export async function goBinaries(component: GoComponent, say: (detail: string) => void): Promise<string> {
  const go = await requireGo(`build ${component.name} ${component.version}`);
  const name = `${component.name}-${component.version}-${await componentKey(component, go)}`;
  return cached(["image", "parts", name], say, async (directory) => {
    say(`${component.name} ${component.version}: modules`);
    const source = `${directory}/source`;
    await mkdir(source);
    if (component.main) await cp(join(recipeDirectory, component.main), source, { recursive: true });
    await writeFile(join(source, "go.mod"), await goMod(component));
    if (component.module) await go_(["mod", "tidy"], source, component);
    say(`${component.name} ${component.version}: compiling`);
    await go_(buildArguments(component, directory), source, component);
    for (const built of await readdir(directory)) {
      const called = component.rename?.[built];
      if (called) await rename(join(directory, built), join(directory, called));
    }
  });
}

/** What makes one build of a component differ from another, as a short hash. */
export async function componentKey(component: GoComponent, go: string): Promise<string> {
  return digestOf(JSON.stringify([component, go, process.arch]), component.main);
}

/** The directory of a published module's files, downloaded where it is not there. */
export async function moduleDirectory(module: string, version: string): Promise<string> {
  const { stdout } = await execa("go", ["mod", "download", "-json", `${module}@${version}`], {
    env: buildEnvironment,
    stdin: "ignore",
    reject: false,
  });
  const answer = JSON.parse(stdout || "{}") as { Dir?: string; Error?: string };
  if (answer.Dir) return answer.Dir;
  throw new EnvironmentError(`The Go module ${module}@${version} could not be downloaded.`, {
    found: answer.Error ?? "no answer",
    remedy: "check `go env GOPROXY` and the network",
  });
}

async function goMod(component: GoComponent): Promise<string> {
  const { module, version, commands } = component;
  const lines = ["module nodeimage", "go 1.24.0"]; // `tool` lines need 1.24; the modules ask for more by themselves
  if (module) lines.push(`require ${module} ${version}`);
  for (const command of commands) lines.push(`tool ${command ? `${module}/${command}` : module}`);
  if (component.staging) lines.push(...(await stagingReplacements(component)));
  return `${lines.join("\n")}\n`;
}

/**
 * k8s.io/kubernetes takes its libraries from ./staging, which its module does not carry; each is published as a
 * module of its own, v1.37.2's as v0.37.2.
 */
async function stagingReplacements({ module, version }: GoComponent): Promise<string[]> {
  const published = version.replace(/^v1\./, "v0.");
  const directory = await moduleDirectory(module, version);
  const { stdout } = await execa("go", ["mod", "edit", "-json", join(directory, "go.mod")], { stdin: "ignore" });
  const { Replace } = JSON.parse(stdout) as { Replace: { Old: { Path: string }; New: { Path: string } }[] };
  return Replace.filter((replace) => replace.New.Path.startsWith("./staging/")).map(
    ({ Old }) => `replace ${Old.Path} => ${Old.Path} ${published}`,
  );
}

function buildArguments({ tags, stamp, main }: GoComponent, directory: string): string[] {
  const stamps = Object.entries(stamp ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "build",
    "-mod=mod",
    "-trimpath",
    "-buildvcs=false",
    "-gcflags=all=-dwarf=false", // the linker strips debug information anyway: not making it saves a tenth
    `-ldflags=${["-s", "-w", ...stamps].join(" ")}`,
    ...(tags ? ["-tags", tags] : []),
    "-o",
    main ? join(directory, main) : `${directory}/`,
    main ? "." : "tool",
  ];
}

async function go_(args: string[], source: string, component: GoComponent): Promise<void> {
  const run = await execa(...tied("go", args), {
    cwd: source,
    env: buildEnvironment,
    stdin: "ignore",
    reject: false,
    all: true,
  });
  if (run.exitCode === 0) return;
  throw new EnvironmentError(`${component.name} ${component.version} could not be built.`, {
    where: `go ${args[0]} with ${await goVersion()}`,
    found: run.all?.split("\n").slice(-12).join("\n") || run.shortMessage || "no message",
    remedy: "a line such as `requires go >= …` asks for a newer Go; a download that failed, for a look at `go env GOPROXY`",
  });
}
