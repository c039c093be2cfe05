import { PlaneproofError } from "../support/errors.ts";
import { secretIn } from "../support/secrets/registry.ts";

/**
 * Throws when a string in the value is a secret of this run, or looks like one. Says where it is and what it looks like, and
 * never what it is.
 */
export function refuseSecrets(value: unknown, path = "report"): void {
  if (typeof value === "string") {
    const found = secretIn(value);
    if (found === undefined) return;
    throw new PlaneproofError("The report is not written: it holds a secret, or what looks like one.", {
      where: path,
      expected: "certificates, subjects and a token's claims, but no key and no token",
      found,
      remedy: "the claim or the probe that produced this text must leave the secret out",
    });
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseSecrets(item, `${path}[${index}]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) refuseSecrets(item, `${path}.${name}`);
  }
}
