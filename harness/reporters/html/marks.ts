import { countInWords, STATUSES, type Status, statusLabel } from "../../results/status.ts";
import { html, type Markup } from "./markup.ts";

// A shape each, so that no status is told by its colour alone. On a field of 16 × 16, drawn with a stroke.
const SHAPES: Record<Status, string> = {
  broken: "M4 4l8 8M12 4l-8 8",
  inconclusive: "M5.4 5.8a2.6 2.6 0 1 1 3.9 2.3C8.4 8.7 8 9.2 8 10.2M8 13v.1",
  unexpected: "M8 1.6L14.4 8L8 14.4L1.6 8ZM8 5v3.4M8 10.8v.1",
  "known-exposure": "M8 2L14.8 14H1.2ZM8 6.4v3.4M8 12v.1",
  outdated: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0 -12M8 4.8V8l2.4 1.6",
  closed: "M4 7.4h8v6.2H4ZM5.6 7.4V5a2.4 2.4 0 0 1 4.8 0v2.4",
  holds: "M3 8.6l3.3 3.3L13 4.8",
  "missing-environment": "M3.5 6h9M3.5 10h9",
  "not-exercised": "M3.5 8h9",
};

/** The marks, once a page; `mark` refers to them. */
export function markDefinitions(): Markup {
  const symbols = STATUSES.map(
    (status) => html`<symbol id="mark-${status}" viewBox="0 0 16 16"><path d="${SHAPES[status]}"/></symbol>`,
  );
  return html`<svg class="definitions" width="0" height="0" aria-hidden="true">${symbols}</svg>`;
}

/** A status's mark. Its meaning must stand beside it in words. */
export function mark(status: Status): Markup {
  return html`<svg class="mark" aria-hidden="true"><use href="#mark-${status}"/></svg>`;
}

/** A status in a filled frame: mark and words. */
export function badge(status: Status, words: string = statusLabel[status]): Markup {
  return html`<span class="badge is-${status}">${mark(status)}${words}</span>`;
}

/** How many claims have each status: `✓ 3 hold`, `▲ 1 known exposure`. */
export function counts(entries: { status: Status; count: number }[]): Markup {
  const items = entries.map(
    ({ status, count }) =>
      html`<span class="count is-${status}">${mark(status)}${countInWords(status, count)}</span>`,
  );
  return html`<span class="counts">${items}</span>`;
}
