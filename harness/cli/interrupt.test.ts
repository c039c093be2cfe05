import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { until } from "../support/until.ts";

/** Runs a process that holds something, says so, and waits for ever; `dispose` is the body of the resource's disposal. */
function holder(dispose: string) {
  const script = `
    import { endOnSignals, holding } from ${JSON.stringify(join(import.meta.dirname, "interrupt.ts"))};
    endOnSignals();
    setInterval(() => {}, 1000);
    await holding({ async [Symbol.asyncDispose]() { ${dispose} } }, async () => {
      console.log("holding");
      await new Promise(() => {});
    });`;
  const run = execa(process.execPath, ["--input-type=module", "--eval", script], {
    stdin: "ignore",
    reject: false,
  });
  let printed = "";
  run.stdout.on("data", (text) => {
    printed += text;
  });
  return { run, prints: (text: string) => until(text, async () => printed.includes(text), { everyMs: 20 }) };
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s disposes what is held, once", async (signal) => {
  const { run, prints } = holder('console.log("disposed")');
  await prints("holding");
  run.kill(signal);
  const { exitCode, stdout, stderr } = await run;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "holding\ndisposed" });
  expect(stderr).toContain("nothing is left behind");
});

test("a disposal that fails is printed, and the code is 130 all the same", async () => {
  const { run, prints } = holder('throw new Error("the engine is gone")');
  await prints("holding");
  run.kill("SIGINT");
  expect(await run).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("the engine is gone") });
});

test("a second signal ends the process at once, an echo of the first does not", async () => {
  const { run, prints } = holder('console.log("disposing"); await new Promise(() => {})');
  let ended = false;
  void run.then(() => {
    ended = true;
  });
  await prints("holding");
  run.kill("SIGINT");
  await prints("disposing");
  run.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // an echo comes within a second
  expect(ended).toBe(false);
  run.kill("SIGINT");
  expect(await run).toMatchObject({ exitCode: 130 });
});
