import { ClaimRunner } from "../harness/claim/runner.ts";
import { channelOf } from "../harness/claim/spec.ts";
import { checkBreaks, loadMutants } from "../harness/cli/load-mutants.ts";
import { ROOT } from "../harness/cli/paths.ts";
import { targetsOf } from "../harness/mutant/mutant.ts";
import { controlNames, isNamed } from "./control-names.ts";
import { runScript } from "./run-script.ts";

// A claim that nothing can turn red is a defect: says which claims no mutant names, and which controls that mutants name are
// not there, and ends with exit code 1 for those.
await runScript(async () => {
  const mutants = await loadMutants();
  const killed = new Set(
    mutants.filter(({ equivalent }) => !equivalent).flatMap((one) => [...targetsOf(one).keys()]),
  );
  await using runner = await ClaimRunner.start(ROOT);
  const catalogue = await runner.catalogue();
  checkBreaks(
    mutants,
    catalogue.map(({ id }) => id),
  );
  const survivors = catalogue.filter(({ id }) => !killed.has(id));
  for (const { id } of survivors) console.log(`${id}: no mutant turns it red`);
  const wrong = mutants.flatMap((mutant) =>
    [...targetsOf(mutant)].flatMap(([claim, controls]) => {
      const known = controlNames(channelOf(claim));
      return controls
        .filter((control) => !isNamed(control, known))
        .map((control) => ({ mutant, claim, control }));
    }),
  );
  for (const { mutant, claim, control } of wrong)
    console.log(`${mutant.id}: ${claim} has no control "${control}"`);
  if (survivors.length + wrong.length > 0) process.exitCode = 1;
  console.log(
    `${catalogue.length} claims, ${mutants.length} mutants, ${survivors.length} claims without one`,
  );
});
