import { cached } from "../cached.ts";

type Say = (detail: string) => void;

/** Where an image is put together: says what is going on, and lets no more than two parts be compiled at a time. */
export interface Workshop {
  /** The directory with a part, by its name in the cache: made now where it is not there. */
  part(name: string, make: (directory: string) => Promise<void>): Promise<string>;
  /** The same for what keeps a processor busy: it waits for its turn. */
  compiled(name: string, make: (directory: string) => Promise<void>): Promise<string>;
}

/** Opens a workshop for the time of `work`, and says every few seconds what it is busy with, and for how long. */
export async function inWorkshop<T>(say: Say, work: (workshop: Workshop) => Promise<T>): Promise<T> {
  const busy = new Map<string, number>();
  const report = () => {
    const now = performance.now();
    say([...busy].map(([what, since]) => `${what} ${Math.round((now - since) / 1000)} s`).join(" · "));
  };
  const ticker = setInterval(report, 1_000);
  const turn = turns(2);

  async function part(name: string, make: (directory: string) => Promise<void>): Promise<string> {
    const short = name.replace(/-[0-9a-f]{12}$/, "");
    try {
      return await cached(["image", "parts", name], say, async (directory) => {
        busy.set(short, performance.now());
        report();
        await make(directory);
      });
    } finally {
      busy.delete(short);
    }
  }

  try {
    return await work({ part, compiled: (name, make) => turn(() => part(name, make)) });
  } finally {
    clearInterval(ticker);
  }
}

/** A queue that lets `limit` pieces of work run at a time, in the order in which they came. */
function turns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
