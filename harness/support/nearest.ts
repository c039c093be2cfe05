/** The names closest to a mistyped one, best first, at most three; empty where nothing is near. */
export function nearest(wrong: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({
      name,
      distance: isPartOf(wrong, name) ? 1 : editDistance(wrong, name),
    }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A single letter is part of most names, and nothing at all of every one. */
function isPartOf(wrong: string, name: string): boolean {
  return wrong.length > 1 && (name.includes(wrong) || wrong.includes(name));
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
