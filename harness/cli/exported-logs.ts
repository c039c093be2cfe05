import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { registerSecretsOfCluster } from "../cluster/register-secrets.ts";
import { Node } from "../node/node.ts";
import type { ProviderName } from "../provider/provider.ts";
import { providerOf } from "../provider/providers.ts";
import { oneLine } from "../support/errors.ts";
import { redact } from "../support/secrets/registry.ts";

/** A cluster, and a private directory that goes with its lease. */
interface Source {
  name: string;
  provider: ProviderName;
  scratch: string;
}

/**
 * Writes the logs of a cluster's nodes below a directory, without secrets. As the provider gives them they are in the private
 * directory only. Returns what is missing, a line each: of a node that is half made there are not all logs.
 */
export async function exportLogs({ name, provider, scratch }: Source, directory: string): Promise<string[]> {
  const from = providerOf(provider);
  const nodes = await from.nodes(name);
  await registerSecretsOfCluster(nodes.map((facts) => new Node(facts, from.transport(facts.name))));
  const raw = join(scratch, "logs");
  const missing: string[] = [];
  try {
    await from.exportLogs(name, raw).catch((error: unknown) => missing.push(oneLine(error)));
    await copyRedacted(raw, directory);
  } finally {
    await rm(raw, { recursive: true, force: true });
  }
  return missing;
}

/** Copies every file without the secrets in it. */
export async function copyRedacted(from: string, to: string): Promise<void> {
  await mkdir(from, { recursive: true }); // an export that failed early has made nothing
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || UNREADABLE.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const target = join(to, relative(from, file)).replace(/\.gz$/, "");
    await mkdir(dirname(target), { recursive: true });
    const text = (await content(file)).toString("latin1"); // every byte is a character, and comes back as it was
    await writeFile(target, redact(text), "latin1");
  }
}

/** The journal's own files are partly compressed; their text is in journal.log. */
const UNREADABLE = /\.journal~?$/;

/** A log that was rotated is compressed: a secret in it would not be seen. */
async function content(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return compressed ? promisify(gunzip)(bytes) : bytes;
}
