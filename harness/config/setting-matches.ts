import { nanoseconds } from "./duration.ts";

/**
 * Whether a setting that was found is what was asked for. It must be there: what is absent proves nothing. Durations may be
 * spelled otherwise ("1h", "1h0m0s"); a list is the same list; of an object every asked field must be there, where in an
 * item of a list a field with its zero value may be left out (Go omits those).
 */
export function settingMatches(found: unknown, asked: unknown): boolean {
  if (found === undefined || found === null) return false;
  if (Array.isArray(asked)) {
    return (
      Array.isArray(found) &&
      found.length === asked.length &&
      asked.every((item, index) => itemMatches(found[index], item))
    );
  }
  return fieldsMatch(found, asked, settingMatches);
}

/** Whether every item that was asked for is in a list that may have others: SANs, to which kubeadm adds its own. */
export function listHolds(found: unknown, asked: unknown): boolean {
  return (
    Array.isArray(found) && [asked].flat().every((item) => found.some((other) => itemMatches(other, item)))
  );
}

function itemMatches(found: unknown, asked: unknown): boolean {
  if (found === undefined || found === null) return isZero(asked);
  return Array.isArray(asked) ? settingMatches(found, asked) : fieldsMatch(found, asked, itemMatches);
}

function fieldsMatch(found: unknown, asked: unknown, matches: typeof settingMatches): boolean {
  if (typeof asked === "object" && asked !== null) {
    const there = found as Record<string, unknown>;
    return Object.entries(asked).every(([key, value]) => matches(there[key], value));
  }
  if (asked === null || typeof found === "object") return false; // its own toString may be anything
  return String(found) === String(asked) || sameDuration(String(found), String(asked));
}

/** The same for a component's argument, with every value that it was given; null asks for none. */
export function argumentMatches(found: readonly string[], asked: unknown): boolean {
  if (asked === null) return found.length === 0;
  if (Array.isArray(asked)) return settingMatches(found, asked);
  return settingMatches(found.at(-1), asked);
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
