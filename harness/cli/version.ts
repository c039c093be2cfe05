import manifest from "../../package.json" with { type: "json" };

/** The tool's name and version, as reports give them. */
export const TOOL = { name: manifest.name, version: manifest.version };
