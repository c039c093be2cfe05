import type { Run } from "../../results/schema.ts";
import { counted, duration } from "../../results/text.ts";
import { html, type Markup } from "./markup.ts";

/** What was booted: in one line, and on demand each node, step and patch. */
export function clusterFacts({ config, provider, nodes, boot, patches }: Run): Markup {
  const roles = nodes.map(({ name, role }) => html`<li><code>${name}</code> ${role}</li>`);
  const steps = boot.steps.map(({ name, ms }) => html`<li>${name}: ${duration(ms)}</li>`);
  const proved = patches.map(
    ({ path, asked, found, landed, why }) =>
      html`<tr><th scope="row"><code>${path}</code></th><td><code>${asked}</code></td><td><code>${found}</code></td><td>${landed ? "seen in force" : html`not provable: ${why ?? "nothing live shows it"}`}</td></tr>`,
  );
  const seen = patches.filter(({ landed }) => landed).length;
  const unseen = patches.length - seen;
  return html`<details class="facts">
<summary><span>What was booted: <code>${config}</code> · ${counted(nodes.length, "node")} on ${provider} · booted in ${duration(boot.ms)} · ${counted(seen, "setting")} seen in force${unseen > 0 && `, ${unseen} not provable`}</span></summary>
<div class="facts-body">
<h3>Nodes</h3><ul>${roles}</ul>
<h3>Boot</h3><ul>${steps}</ul>
${
  patches.length > 0 &&
  html`<h3>Settings</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Settings"><table><thead><tr><th scope="col">Setting</th><th scope="col">Asked</th><th scope="col">Found</th><th scope="col">Proof</th></tr></thead><tbody>${proved}</tbody></table></div>`
}
</div>
</details>`;
}
