const NANOSECONDS: Record<string, number> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, ns: 1 };

/** A Go duration such as `1h30m` in nanoseconds (time.ParseDuration); undefined for any other text. */
export function nanoseconds(text: string): number | undefined {
  if (!/^-?(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)];
  const sum = parts.reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (NANOSECONDS[unit] ?? 0),
    0,
  );
  return Math.round(text.startsWith("-") ? -sum : sum);
}

/** The seconds in a Go duration; NaN for any other text. */
export function secondsOf(text: string): number {
  return (nanoseconds(text) ?? Number.NaN) / 1e9;
}
