// Prints, in one line, how node_modules differs from package-lock.json; nothing where it does not.
// JavaScript without dependencies: it runs before there is a Node that knows TypeScript.
import { readFileSync } from "node:fs";

const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

try {
  const installed = packages("node_modules/.package-lock.json"); // npm writes it when all is in place
  const wrong = Object.entries(packages("package-lock.json")).filter(
    ([path, { version, optional }]) =>
      path && installed[path]?.version !== version && !(optional && !installed[path]),
  );
  const [first] = wrong;
  if (first) {
    const [path, { version }] = first;
    const more = wrong.length > 1 ? `, and ${wrong.length - 1} more differ` : "";
    console.log(`${path} is ${installed[path]?.version ?? "not there"}, not ${version}${more}`);
  }
} catch (error) {
  if (error.code !== "ENOENT") throw error;
  console.log("node_modules is not there, or an install did not end");
}
