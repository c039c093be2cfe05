// Control characters, those that turn the direction of text round, and those that XML has no place for: what a cluster
// says may neither move a terminal's cursor nor make a line read as another.
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text on one line that every format can carry: white space becomes a space, what cannot be printed U+FFFD. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\r]+/g, " ")
    .replace(UNPRINTABLE, "\ufffd");
}

/** `1 claim`, `3 claims` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** `870 ms`, `9.6 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A relative path as a URL: with whatever a URL gives another meaning encoded. */
export function relativeUrl(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
