/**
 * Whether a setting that was found is what was asked for. What is not written down has its type's zero value (Go omits
 * those), durations may be spelled otherwise ("1h", "1h0m0s"), and of a list every asked item must be there (kind adds
 * its own to a list of SANs).
 */
export function satisfies(found: unknown, asked: unknown): boolean {
  if (asked === null) return isZero(found);
  if (found === undefined || found === null) return isZero(asked);
  if (Array.isArray(asked)) {
    return Array.isArray(found) && asked.every((item) => found.some((other) => satisfies(other, item)));
  }
  if (typeof asked === "object") {
    const there = found as Record<string, unknown>;
    return Object.entries(asked as object).every(([key, value]) => satisfies(there[key], value));
  }
  return String(found) === String(asked) || sameDuration(String(found), String(asked));
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object") return Object.values(value).every(isZero);
  return value === false || value === 0 || value === "" || seconds(String(value)) === 0;
}

function sameDuration(a: string, b: string): boolean {
  const [first, second] = [seconds(a), seconds(b)];
  return first !== undefined && first === second;
}

/** A Go duration such as `1h30m` in seconds; undefined for any other text. */
function seconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|m|s|ms))+$/.test(text)) return undefined;
  const unit = { h: 3600, m: 60, s: 1, ms: 0.001 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, name]) => sum + Number(amount) * unit[name as keyof typeof unit],
    0,
  );
}
