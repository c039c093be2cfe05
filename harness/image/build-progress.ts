import { cached } from "../support/cached.ts";

/** Where an image is put together, part by part. It says every second what it is busy with, and for how long. */
export interface BuildProgress {
  /** The directory with a part, by its name in the cache: made now where it is not there. */
  part(name: string, make: (directory: string) => Promise<void>): Promise<string>;
  /** Does a piece of work, and says so while it lasts. */
  busy<T>(what: string, work: () => Promise<T>): Promise<T>;
}

/** Opens a progress for the time of `work`. */
export async function withBuildProgress<T>(
  say: (detail: string) => void,
  work: (progress: BuildProgress) => Promise<T>,
): Promise<T> {
  const going = new Map<string, number>();
  const seconds = (since: number) => Math.round((performance.now() - since) / 1000);
  const report = () => say([...going].map(([what, since]) => `${what} ${seconds(since)} s`).join(" · "));

  async function busy<R>(what: string, task: () => Promise<R>): Promise<R> {
    going.set(what, performance.now());
    report();
    return task().finally(() => going.delete(what));
  }

  async function part(name: string, make: (directory: string) => Promise<void>): Promise<string> {
    let waiting = "";
    const wait = (reason: string) => {
      waiting = reason;
      going.set(reason, performance.now());
    };
    const found = () => going.delete(waiting);
    return cached(["image", "parts", name], wait, (directory) => {
      found();
      return make(directory);
    }).finally(found);
  }

  const ticker = setInterval(report, 1_000);
  return work({ part, busy }).finally(() => clearInterval(ticker));
}
