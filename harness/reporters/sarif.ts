import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { describeControl, describeDocumented, describeObserved } from "../results/describe.ts";
import type { ClaimResult, Report, Run } from "../results/schema.ts";
import { type Finding, findings, notAsExpected, runName, statusLabel } from "../results/status.ts";
import { printable, relativeUrl } from "../results/text.ts";

/**
 * `report.sarif` (SARIF 2.1.0), for code scanning: a result for each claim that is not as expected and for each known
 * exposure, at the config of its cluster.
 */
export function renderSarif({ tool, runs, mutants }: Report): string {
  // What is broken in the sabotaged clusters of a kill matrix is no finding about anybody's config.
  const found = mutants ? [] : findings(runs, ...notAsExpected, "known-exposure").flatMap(perRun);
  const rules = [...new Map(found.map(({ claim }) => [claim.id, claim])).values()];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: tool.name, version: tool.version, rules: rules.map(rule) } },
        columnKind: "utf16CodeUnits",
        results: found.map((one) =>
          result(
            one,
            rules.findIndex(({ id }) => id === one.claim.id),
          ),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule({ id, says, documented, channel }: ClaimResult) {
  return {
    id,
    shortDescription: { text: printable(says) },
    help: { text: `Documented: ${printable(describeDocumented(documented))}` },
    ...(documented.url && { helpUri: documented.url }),
    properties: { tags: ["security", "kubernetes", channel] },
  };
}

/** One result a run: they lie in different configs. */
function perRun({ runs, ...finding }: Finding): OneFinding[] {
  return runs.map((run) => ({ ...finding, run }));
}

interface OneFinding extends Omit<Finding, "runs"> {
  run: Run;
}

function result({ run, claim, status }: OneFinding, ruleIndex: number) {
  const { id, says, reason, controls } = claim;
  const seen = controls
    .filter(({ ok }) => !ok)
    .map((control) => `${describeControl(control)}: ${describeObserved(control.observed)}.`);
  const text = [`${statusLabel[status]} on ${runName(run)}: “${says}”.`, reason && `${reason}.`, ...seen];
  return {
    ruleId: id,
    ruleIndex,
    level: status === "broken" ? "error" : "warning",
    message: { text: printable(text.filter(Boolean).join(" ")) },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uriOf(run.config) }, region: { startLine: 1 } } },
    ],
    partialFingerprints: { "planeproof/v1": `${run.cluster}/${run.kubernetes}/${id}` },
    properties: { status, cluster: run.cluster, kubernetes: run.kubernetes },
  };
}

function uriOf(config: string): string {
  return isAbsolute(config) ? pathToFileURL(config).href : relativeUrl(config);
}
