import { registerSecret } from "../support/secrets/registry.ts";

const NAME =
  "[\\w./-]*(?:passwords?|passwd|secrets?|(?<!usage-)tokens?|api-?key|certificate-?key|private-?key|key-data|identitytoken)";
const VALUE = `(?:"((?:[^"\\\\\\n]|\\\\.)+)"|'([^'\\n]+)'|([^\\s"',}\\]#|>&*\\[{]+))`;

/** `token: VALUE`, `"certificateKey": "VALUE"`, `password = "VALUE"`; containerd calls a registry's password `auth`, too. */
const FIELD = new RegExp(`(?:\\b(${NAME})|\\bauth(?=[ \\t]*=))["']?[ \\t]*[:=][ \\t]*${VALUE}`, "gi");
/** An environment variable and a JSON patch have the name in one field and the value in the next. */
const NAME_THEN_VALUE = new RegExp(
  `\\b(?:name|path)["']?\\s*:\\s*["']?${NAME}["']?[\\s,]+["']?value["']?\\s*:\\s*${VALUE}`,
  "gi",
);

/** Registers the values in a config that are secrets by their name: they come back in its proof, in errors and in logs. */
export function registerNamedSecrets(config: string): void {
  const text = config.replace(/^\s*#.*$/gm, "");
  for (const pattern of [FIELD, NAME_THEN_VALUE]) {
    for (const match of text.matchAll(pattern)) {
      const value = match.slice(-3).find((part) => part !== undefined) ?? "";
      if (isSecret(value)) registerSecret(value);
    }
  }
}

/** Whether a field is a secret by its name: `initConfiguration.certificateKey`. */
export function isSecretName(field: string): boolean {
  return new RegExp(`(?:^|\\.)${NAME}$`, "i").test(field);
}

/** A path of a file, a switch, a number or a duration is not a secret, though its field has the name of one. */
function isSecret(value: string): boolean {
  return !/^(\/|true$|false$|null$|[\d.]+(ns|us|ms|s|m|h)?$)/i.test(value);
}
