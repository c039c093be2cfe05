import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Channel, channel, inReportOrder } from "../results/channel.ts";
import { oneLine, UsageError } from "../support/errors.ts";
import { foldersOf, SUITES } from "./paths.ts";

/**
 * The channels of directories of suites, in the order of reports. Each folder there is a channel, which its channel.ts
 * states; a UsageError names the folder that has none, or one that does not fit.
 */
export async function loadChannels(directories: readonly string[] = [SUITES]): Promise<Channel[]> {
  const folders = directories.flatMap((directory) =>
    foldersOf(directory).map((id) => ({ id, file: join(directory, id, "channel.ts") })),
  );
  const loaded: Channel[] = [];
  for (const { id, file } of folders) {
    const one = await loadChannel(id, file);
    if (loaded.some((other) => other.id === one.id)) throw wrong(file, "an id of its own", `a second ${id}`);
    loaded.push(one);
  }
  return inReportOrder(loaded);
}

async function loadChannel(folder: string, file: string): Promise<Channel> {
  const wanted = `export default channel({ id: "${folder}", … })`;
  if (!existsSync(file)) throw wrong(file, wanted, "no such file");
  const { default: stated } = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw wrong(file, wanted, oneLine(cause));
  });
  if (typeof stated !== "object" || stated === null) throw wrong(file, wanted, "no such default export");
  const { id } = stated as Partial<Channel>;
  if (id !== folder) throw wrong(file, `the folder's name as the id, ${folder}`, String(id));
  return channel(stated as Channel);
}

function wrong(where: string, expected: string, found: string): UsageError {
  return new UsageError("A channel cannot be loaded.", {
    where,
    expected,
    found,
    remedy: "make a channel by copying the folder of another one, and change its channel.ts",
  });
}
