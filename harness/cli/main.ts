#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { oneLine, PlaneproofError } from "../support/errors.ts";
import { endOnSignals } from "./interrupt.ts";
import { TOOL } from "./version.ts";

// Each verb is loaded when it is asked for: `--help` and a wrong option answer at once.
const program = new Command("planeproof")
  .description("Proves, on throwaway kind clusters, that every control-plane channel is locked and works.")
  .version(TOOL.version)
  .showHelpAfterError("(planeproof --help teaches the rest)")
  .addHelpText(
    "after",
    `
Examples:
  planeproof verify                                 the cluster that kubeadm makes by default
  planeproof verify my-kind.yaml --k8s 1.36,1.37    your own config, on two versions
  planeproof verify --channel etcd-client,etcd-peer only these channels
  planeproof claims                                 what can be proved

CONFIG is any kind config file, or the name of one in clusters/.
Exit codes: 0 all as expected, 1 a claim is not, 2 usage or a wrong config, 3 environment or boot, 130 interrupted.`,
  )
  .exitOverride();

program
  .command("verify")
  .description("boot each CONFIG on each version, prove its claims, write a report")
  .argument("[config...]", "kind config files or names of clusters (default: default)")
  .option("--k8s <versions>", "Kubernetes versions, as 1.37.2 or 1.37, separated by commas")
  .option("--channel <ids>", "only the claims of these channels")
  .option("--claim <ids>", "only these claims")
  .option("--out <dir>", "where the report goes", "planeproof-report")
  .addOption(
    new Option("--keep <when>", "leave the cluster running")
      .choices(["never", "on-failure", "always"])
      .default("never"),
  )
  .option("--strict", "a known exposure fails the run")
  .addOption(
    new Option("--provider <name>", "how nodes are made").choices(["kind", "namespaces"]).default("kind"),
  )
  .action(async (configs, options) => end(await (await import("./verify.ts")).verify(configs, options)));

program
  .command("up")
  .description("boot a cluster that stays until `down`")
  .argument("<config>")
  .requiredOption("--name <name>", "the cluster's name")
  .option("--k8s <version>", "a Kubernetes version")
  .action(async (config, options) => end(await (await import("./clusters.ts")).up(config, options)));

program
  .command("down")
  .description("destroy a cluster of ours")
  .argument("<name>")
  .action(async (name) => end(await (await import("./clusters.ts")).down(name)));

program
  .command("ls")
  .description("list our clusters")
  .action(async () => end(await (await import("./clusters.ts")).ls()));

program
  .command("prune")
  .description("clear what a reboot or a killed watchdog left behind")
  .action(async () => end(await (await import("./clusters.ts")).prune()));

program
  .command("logs")
  .description("write the nodes' logs of a cluster of ours to NAME-logs/")
  .argument("<name>")
  .action(async (name) => end(await (await import("./clusters.ts")).logs(name)));

program
  .command("mutants")
  .description("sabotage clusters and see that the claims notice: the kill matrix")
  .option("--claim <ids>", "only the mutants that must turn these claims red")
  .option("--mutant <ids>", "only these mutants")
  .option("--out <dir>", "where the report goes", "planeproof-report")
  .action(async (options) => end(await (await import("./mutants.ts")).mutants(options)));

program
  .command("claims")
  .description("the catalogue of claims")
  .option("--markdown", "as a table")
  .option("--json", "as JSON")
  .action(async (options) => end(await (await import("./claims.ts")).claims(options)));

const image = program.command("image").description("node images");
image
  .command("build")
  .description("build a node image from source modules")
  .argument("<version>", "a Kubernetes version, as 1.37.2 or 1.37")
  .action(async (version) => end(await (await import("./image.ts")).build(version)));
image
  .command("ls")
  .description("list node images")
  .action(async () => end(await (await import("./image.ts")).ls()));

program
  .command("doctor")
  .description("show the machine as planeproof sees it, and what each lack means")
  .action(async () => end(await (await import("./doctor/index.ts")).doctor()));

function end(code: number): void {
  process.exitCode = code;
}

endOnSignals();
try {
  await program.parseAsync();
} catch (error) {
  end(reportError(error));
}
// Nothing that is still open (an idle connection, a worker) may keep a finished command waiting.
process.exit();

/** Tells the user what went wrong, and returns the exit code. */
function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has told it
  if (error instanceof PlaneproofError) {
    process.stderr.write(`\nplaneproof: ${error.message}\n`);
    return error.exitCode;
  }
  if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
    process.stderr.write(
      `\nplaneproof: the disk is full: ${oneLine(error)}\n  what now: make room, then run it again\n`,
    );
    return 3;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`\nplaneproof: something that should not happen: ${oneLine(error)}\n${stack ?? ""}\n`);
  return 3;
}
