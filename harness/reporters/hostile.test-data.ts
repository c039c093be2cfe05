import fc from "fast-check";
import type { Report } from "../results/schema.ts";

/** Any text that a cluster might say, above all what means something to the formats that we write. */
export const hostileText = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.string({
    unit: fc.constantFrom(..."<>&\"'`|*_[]()!#@\\\n\r\t\u0000\u001b\u202e\ud800\ufffe]{}-"),
    minLength: 1,
  }),
  fc.constantFrom(
    "</script><script>window.hacked = true</script>",
    '"><img src=x onerror="window.hacked = true">',
    "]]></failure><testcase/>",
    "&lt;b&gt; &#60;",
    "| a | b |\n| --- | --- |",
    "\u001b[2J\u001b]0;owned\u0007",
  ),
);

/** The report with a text in place of every text that is free. */
export function withText(report: Report, text: string): Report {
  const changed = structuredClone(report);
  for (const channel of changed.channels ?? []) {
    Object.assign(channel, { title: text, summary: text });
  }
  for (const run of changed.runs) {
    run.cluster = run.config = text;
    run.nodes = run.nodes.map(() => ({ name: text, role: text }));
    run.boot.steps = run.boot.steps.map(({ ms }) => ({ name: text, ms }));
    run.patches = run.patches.map(() => ({ path: text, asked: text, found: text, landed: true }));
    for (const claim of run.claims) {
      claim.says = text;
      claim.documented = { source: text, section: text };
      if (claim.reason !== undefined) claim.reason = text;
      for (const control of claim.controls) {
        if (control.after !== undefined) control.after = text;
        Object.assign(control, { name: text, from: text, to: text, as: text });
        if (control.expected.kind === "accepted") control.expected.shows = text;
        else control.expected.reason = text;
        if (control.observed.kind === "accepted") control.observed.summary = text;
        else control.observed.reason = text;
      }
    }
  }
  return changed;
}
