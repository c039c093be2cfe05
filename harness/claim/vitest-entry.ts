import { inject } from "vitest";

// The one test file of a run. vitest takes files one after the other, and most of a claim is waiting: with all suites in
// one file the claims of all channels run side by side. The query makes a suite be read anew for each run of a process;
// it is a count, so that the compile cache knows the file again in the next process.
const { load, files } = inject("suites");
for (const file of files) await import(/* @vite-ignore */ `${file}?load=${load}`);
