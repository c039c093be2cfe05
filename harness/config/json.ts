export type Json = Record<string, unknown>;

/** Whether a value is an object, and neither a list nor null. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a field; undefined where there is none. A list's items are numbered. */
export function valueAt(value: unknown, field: readonly string[]): unknown {
  return field.reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Json)[key];
  }, value);
}

/** The parts of a JSON pointer (RFC 6901, section 4). */
export function fieldOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The JSON pointer of a field. */
export function pointer(field: readonly string[]): string {
  return field.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
