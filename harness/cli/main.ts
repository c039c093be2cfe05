#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { redactOutput } from "../support/secrets/output.ts";
import { endOnSignals } from "./interrupt.ts";
import { reportError } from "./report-error.ts";
import { TOOL } from "./version.ts";

// Each verb is loaded when it is asked for: `--help` and a wrong option answer at once.
const program = new Command(TOOL.name)
  .description("Proves, on throwaway kind clusters, that every control-plane channel is locked and works.")
  .version(TOOL.version)
  .addHelpText(
    "after",
    `
Examples:
  planeproof setup                                   prepare this machine
  planeproof verify                                  prove the cluster that kubeadm makes by default
  planeproof verify my-kind.yaml --k8s 1.36,1.37     your own config, on two versions
  planeproof verify --channel etcd-client,etcd-peer  only these channels
  planeproof claims                                  list what can be proved

CONFIG is the path of a kind config, or the name of one in clusters/.

Exit codes:
  0    every claim is as expected
  1    a claim is not as expected, or nothing was exercised
  2    the command line or a config is wrong
  3    the environment or the boot failed, or a claim gave no result
  130  interrupted`,
  )
  .exitOverride();

program
  .command("verify")
  .description("boot each CONFIG on each version, prove its claims, write a report")
  .argument("[config...]", "kind configs, or names of clusters (default: default)")
  .option(
    "--k8s <versions>",
    "Kubernetes versions, as 1.37.2 or 1.37, separated by commas; also for nodes whose image the config names",
  )
  .option("--channel <ids>", "the claims of these channels, separated by commas")
  .option("--claim <ids>", "these claims, separated by commas; with --channel, besides those")
  .option("--out <dir>", "directory of the report", "planeproof-report")
  .addOption(
    new Option("--keep <when>", "leave the cluster running")
      .choices(["never", "on-failure", "always"])
      .default("never"),
  )
  .option(
    "--strict",
    "exit with 1 for a known exposure too, and for what this machine kept from being exercised",
  )
  .addOption(
    new Option("--provider <name>", "how nodes are made").choices(["kind", "namespaces"]).default("kind"),
  )
  .addHelpText(
    "after",
    `
The report is DIR/index.html, with the same results in report.json, report.md, junit.xml and report.sarif.
DIR/evidence/ has the logs of claims that are not as expected, and of a boot that failed.

Examples:
  planeproof verify                                default cluster, default version
  planeproof verify base.yaml mine.yaml --strict   two configs in one report
  planeproof verify --claim etcd-client/own-ca --keep on-failure`,
  )
  .action(async (configs, options) => end(await (await import("./verify.ts")).verify(configs, options)));

program
  .command("mutants")
  .description("sabotage clusters and check that the claims notice: the kill matrix")
  .option("--claim <ids>", "only the mutants that must break these claims, separated by commas")
  .option("--mutant <ids>", "only these mutants, separated by commas")
  .option("--print <id>", "print the kind config file of a boot mutant, and boot nothing")
  .option("--out <dir>", "directory of the report", "planeproof-report")
  .addHelpText(
    "after",
    "\nExits with 1 if a mutant survived; if all were applied, also for a control that was never red and is not invariant.",
  )
  .action(async (options) => end(await (await import("./mutants.ts")).mutants(options)));

program
  .command("claims")
  .description("list the claims")
  .option("--markdown", "as a Markdown table")
  .option("--json", "as JSON")
  .action(async (options) => end(await (await import("./claims.ts")).claims(options)));

program
  .command("up")
  .description("boot a cluster that runs until `planeproof down`")
  .argument("<config>", "a kind config, or the name of a cluster")
  .requiredOption("--name <name>", "name of the cluster: at most 40 of a-z, 0-9 and -")
  .option("--k8s <version>", "a Kubernetes version, as 1.37.2 or 1.37")
  .addHelpText("after", "\nPrints the KUBECONFIG of the cluster. Your ~/.kube/config is left as it is.")
  .action(async (config, options) => end(await (await import("./clusters.ts")).up(config, options)));

program
  .command("down")
  .description("destroy a cluster of planeproof's")
  .argument("<name>")
  .action(async (name) => end(await (await import("./clusters.ts")).down(name)));

program
  .command("ls")
  .description("list the clusters of planeproof")
  .addHelpText("after", "\nPrints a line per cluster: its name, its config, and who owns it until when.")
  .action(async () => end(await (await import("./clusters.ts")).ls()));

program
  .command("prune")
  .description("destroy what a reboot or a killed watchdog left behind")
  .addHelpText("after", "\nClusters of running processes and kept clusters stay.")
  .action(async () => end(await (await import("./clusters.ts")).prune()));

program
  .command("logs")
  .description("write the logs of a cluster's nodes to NAME-logs/")
  .argument("<name>")
  .action(async (name) => end(await (await import("./clusters.ts")).logs(name)));

program
  .command("setup")
  .description("prepare this machine: a container engine that answers, and what builds a node image")
  .addHelpText(
    "after",
    `
An engine that answers (Docker or podman) is used as it is. Otherwise Docker is started, and on Debian and Ubuntu
installed first, which takes root. PLANEPROOF_NO_INSTALL=1 forbids installing: set-up then names what is missing.`,
  )
  .action(async () => end(await (await import("./setup/index.ts")).setup()));

program
  .command("engine")
  .description("the container engine")
  .command("stop")
  .description("stop the Docker daemon that `planeproof setup` started, with its containers; no other one")
  .action(async () => end(await (await import("./setup/index.ts")).engineStop()));

const image = program.command("image").description("node images");
image
  .command("build")
  .description("build a node image from the source modules of Kubernetes")
  .argument("<version>", "a Kubernetes version, as 1.37.2 or 1.37")
  .action(async (version) => end(await (await import("./image.ts")).build(version)));
image
  .command("ls")
  .description("list the node images of the container engine")
  .action(async () => end(await (await import("./image.ts")).ls()));

program
  .command("doctor")
  .description("show what this machine has and lacks for clusters; changes nothing")
  .addHelpText("after", "\nExits with 3 if no container engine answers.")
  .action(async () => end(await (await import("./doctor/index.ts")).doctor()));

for (const command of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)])
  command.showHelpAfterError(`Run \`${pathOf(command)} --help\` for usage.`);
redactOutput();
endOnSignals();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) end(reportError(error));
  else end(error.exitCode === 0 ? 0 : 2); // commander has printed help, the version or what is wrong
}
// Nothing that is still open (an idle connection, a worker) may keep a finished command waiting.
process.exit();

/** `planeproof image build`. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function end(code: number): void {
  process.exitCode = code;
}
