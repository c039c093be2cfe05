import { byChannel } from "../results/channel.ts";
import {
  describeControl,
  describeDocumented,
  describeExpected,
  describeObserved,
} from "../results/describe.ts";
import type { ClaimResult, MutantResult, Report, Run } from "../results/schema.ts";
import { runName, statusOf } from "../results/status.ts";
import { printable } from "../results/text.ts";

/**
 * `junit.xml`, for what CI systems show: a test suite for each channel of each run, a test case for each claim. A claim
 * that is not as expected fails; a known exposure passes and says so; one that was not exercised is skipped.
 */
export function renderJunit(report: Report): string {
  // The clusters of a kill matrix are sabotaged: their broken claims are no failures, a mutant that survives is.
  const suites = report.mutants
    ? [mutantSuite(report.mutants)]
    : report.runs.flatMap((run) => suitesOf(run, report.channels));
  const totals = { name: report.tool.name, ...countsOf(suites), time: seconds(report.durationMs) };
  const timestamp = new Date(report.startedAt).toISOString().slice(0, 19);
  const body = suites.map(({ name, cases, properties }) =>
    element(
      "testsuite",
      { name, ...countsOf([{ cases }]), time: seconds(sum(cases.map(({ ms }) => ms))), timestamp },
      [properties, ...cases.map(({ xml }) => xml)].join("\n"),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", totals, body.join("\n"))}\n`;
}

type Result = "passed" | "failed" | "skipped";

interface Case {
  result: Result;
  ms: number;
  xml: string;
}

interface Suite {
  name: string;
  properties: string;
  cases: Case[];
}

function suitesOf(run: Run, channels: Report["channels"]): Suite[] {
  const { cluster, config, kubernetes, provider } = run;
  const properties = Object.entries({ cluster, config, kubernetes, provider }).map(([name, value]) =>
    element("property", { name, value }),
  );
  const suite = (name: string, cases: Case[]) => ({
    name: `${runName(run)} ${name}`,
    properties: element("properties", {}, properties.join("\n")),
    cases,
  });
  const suites = byChannel(channels, run.claims).map(({ channel, claims }) =>
    suite(
      channel.id,
      claims.map((claim) => caseOf(run, claim)),
    ),
  );
  return run.lost ? [...suites, suite("claims without a result", run.lost.map(lostCase))] : suites;
}

function lostCase(id: string): Case {
  const failure = element("failure", { message: "the claim gave no result", type: "lost" });
  return {
    result: "failed",
    ms: 0,
    xml: element("testcase", { name: id, classname: "lost", time: "0.000" }, failure),
  };
}

function caseOf(run: Run, claim: ClaimResult): Case {
  // Readers of JUnit take a dot for the border between packages.
  const classname = [run.cluster, run.kubernetes, claim.channel]
    .map((part) => part.replaceAll(".", "-"))
    .join(".");
  const result = resultOf(claim);
  const details = [
    result === "failed" && failure(claim),
    result === "skipped" && element("skipped", { message: claim.reason ?? "" }),
    element("system-out", {}, escapeXml(systemOut(claim))),
  ];
  return {
    result,
    ms: claim.ms,
    xml: element(
      "testcase",
      { name: claim.id, classname, time: seconds(claim.ms) },
      details.filter((detail) => detail !== false).join("\n"),
    ),
  };
}

function resultOf({ asExpected, verdict }: ClaimResult): Result {
  if (!asExpected) return "failed";
  return verdict === "not-exercised" ? "skipped" : "passed";
}

function failure({ verdict, expected, reason, controls }: ClaimResult): string {
  const message = `${verdict}, expected: ${expected}${reason ? `. ${reason}` : ""}`;
  const seen = controls
    .filter(({ ok }) => !ok)
    .flatMap((control) => [
      describeControl(control),
      `  as ${control.as}, from ${control.from} (${control.vantage}) to ${control.to}`,
      `  expected: ${describeExpected(control.expected)}`,
      `  observed: ${describeObserved(control.observed)}`,
    ]);
  return element("failure", { message, type: verdict }, escapeXml(seen.map(printable).join("\n")));
}

function systemOut(claim: ClaimResult): string {
  const status = statusOf(claim);
  const lines = [
    status === "known-exposure" && `KNOWN EXPOSURE: this is open on this cluster. ${claim.reason ?? ""}`,
    claim.says,
    `documented: ${describeDocumented(claim.documented)}${claim.documented.url ? `: ${claim.documented.url}` : ""}`,
    `verdict: ${claim.verdict}${claim.reason && status !== "known-exposure" ? `: ${claim.reason}` : ""}`,
    ...claim.controls.map(
      (control) =>
        `${control.ok ? "ok" : "NOT OK"} ${control.kind} ${describeControl(control)}: ${describeObserved(control.observed)}`,
    ),
  ];
  return lines
    .filter((line) => line !== false)
    .map(printable)
    .join("\n");
}

function mutantSuite(mutants: readonly MutantResult[]): Suite {
  return { name: "mutants", properties: element("properties", {}), cases: mutants.map(mutantCase) };
}

function mutantCase({ id, kind, survived, breaks, killedBy, ms }: MutantResult): Case {
  const message = `survived: expected to be killed by ${breaks.join(", ")}, killed by ${killedBy.join(", ") || "none"}`;
  const failed = survived ? element("failure", { message, type: "survived" }) : "";
  return {
    result: survived ? "failed" : "passed",
    ms,
    xml: element("testcase", { name: id, classname: `mutants.${kind}`, time: seconds(ms) }, failed),
  };
}

function countsOf(suites: Pick<Suite, "cases">[]): Record<string, number> {
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (result: Result) => cases.filter((one) => one.result === result).length;
  return { tests: cases.length, failures: count("failed"), errors: 0, skipped: count("skipped") };
}

function element(name: string, attributes: Record<string, string | number>, content = ""): string {
  const head = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(printable(String(value)))}"`,
  );
  const open = `<${name}${head.join("")}`;
  return content === ""
    ? `${open}/>`
    : `${open}>${content.startsWith("<") ? `\n${content}\n` : content}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
