import { ClaimRunner } from "../harness/claim/runner.ts";
import { checkBreaks, loadMutants } from "../harness/cli/load-mutants.ts";
import { ROOT } from "../harness/cli/paths.ts";
import { runScript } from "./run-script.ts";

// A claim that nothing can turn red is a defect: says which claims no mutant names, and ends with exit code 1 for those.
await runScript(async () => {
  const mutants = await loadMutants();
  const killed = new Set(mutants.filter(({ equivalent }) => !equivalent).flatMap(({ breaks }) => breaks));
  await using runner = await ClaimRunner.start(ROOT);
  const catalogue = await runner.catalogue();
  checkBreaks(
    mutants,
    catalogue.map(({ id }) => id),
  );
  const survivors = catalogue.filter(({ id }) => !killed.has(id));
  for (const { id } of survivors) console.log(`${id}: no mutant turns it red`);
  if (survivors.length > 0) process.exitCode = 1;
  console.log(
    `${catalogue.length} claims, ${mutants.length} mutants, ${survivors.length} claims without one`,
  );
});
