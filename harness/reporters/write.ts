import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Report, reportSchema } from "../results/schema.ts";
import { makeDirectory } from "../support/directory.ts";
import { EnvironmentError, oneLine, PlaneproofError, UsageError } from "../support/errors.ts";
import { renderHtml } from "./html/page.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderSarif } from "./sarif.ts";
import { refuseSecrets } from "./secrets.ts";

const WRITERS: Record<string, (report: Report) => string> = {
  "report.json": renderJson,
  "index.html": renderHtml,
  "junit.xml": renderJunit,
  "report.md": renderMarkdown,
  "report.sarif": renderSarif,
};

/** Makes the directory, parents included, and proves that files can be written there. To be asked before anything boots. */
export async function checkWritable(directory: string): Promise<void> {
  const probe = join(directory, `.writable-${process.pid}`);
  try {
    makeDirectory(directory);
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    throw new UsageError("The report's directory cannot be written.", {
      where: directory,
      expected: "a directory, or a place for a new one, in which you may write",
      found: oneLine(error),
      remedy: "choose another one with --out DIR",
      cause: error,
    });
  }
}

/**
 * Writes the report in every format into a directory that `checkWritable` has approved. A report that contradicts itself
 * or that seems to hold a secret is refused before any file is touched; a reader never meets a file half written.
 */
export async function writeReport(report: Report, directory: string): Promise<void> {
  refuseSecrets(report);
  const { data, error } = reportSchema.safeParse(report);
  if (error) {
    throw new PlaneproofError("The report is not written: it is not a valid report.", {
      where: join(directory, "report.json"),
      found: z.prettifyError(error),
      remedy: "this is a defect of planeproof: please report it with these lines",
    });
  }
  await writeAll(
    directory,
    Object.entries(WRITERS).map(([file, render]) => ({ file, text: render(data) })),
  );
}

async function writeAll(directory: string, files: { file: string; text: string }[]): Promise<void> {
  const temporary = (file: string) => join(directory, `.${file}.${process.pid}.tmp`);
  try {
    for (const { file, text } of files) await writeFile(temporary(file), text);
    for (const { file } of files) await rename(temporary(file), join(directory, file));
  } catch (error) {
    await Promise.all(files.map(({ file }) => rm(temporary(file), { force: true })));
    throw new EnvironmentError("The report could not be written.", {
      where: directory,
      found: oneLine(error),
      remedy: "check the directory and its disk, then run again",
      cause: error,
    });
  }
}
