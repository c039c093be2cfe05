/**
 * Whether a setting that was found is what was asked for. What is not written down has its type's zero value (Go omits
 * those), durations may be spelled otherwise ("1h", "1h0m0s"), and of a list every asked item must be there (kind adds
 * its own to a list of SANs).
 */
export function settingMatches(found: unknown, asked: unknown): boolean {
  if (asked === null) return isZero(found);
  if (found === undefined || found === null) return isZero(asked);
  if (Array.isArray(asked)) {
    return Array.isArray(found) && asked.every((item) => found.some((other) => settingMatches(other, item)));
  }
  if (typeof asked === "object") {
    const there = found as Record<string, unknown>;
    return Object.entries(asked as object).every(([key, value]) => settingMatches(there[key], value));
  }
  if (typeof found === "object") return false; // its own toString may be anything
  return String(found) === String(asked) || sameDuration(String(found), String(asked));
}

/** The same for a component's argument. One that was not given has its default, which need not be the zero value. */
export function argumentMatches(found: string | undefined, asked: unknown): boolean {
  if (found === undefined || asked === null) return found === undefined && asked === null;
  return settingMatches(found, asked);
}

/** Whether a value is the zero value of its type in Go, or there is none. */
export function isZero(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object") return Object.values(value).every(isZero);
  return value === false || value === 0 || value === "" || nanoseconds(String(value)) === 0;
}

function sameDuration(a: string, b: string): boolean {
  const [first, second] = [nanoseconds(a), nanoseconds(b)];
  return first !== undefined && first === second;
}

const NANOSECONDS: Record<string, number> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, ns: 1 };

/** A Go duration such as `1h30m` in nanoseconds (time.ParseDuration); undefined for any other text. */
function nanoseconds(text: string): number | undefined {
  if (!/^-?(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)];
  const sum = parts.reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (NANOSECONDS[unit] ?? 0),
    0,
  );
  return Math.round(text.startsWith("-") ? -sum : sum);
}
