import { formsOf, type Secret } from "./forms.ts";
import { Needles, SHORTEST } from "./needles.ts";
import { patternIn, withoutPatterns } from "./patterns.ts";

export type { Secret } from "./forms.ts";

// The secrets that this process has made or read. They are in its memory and nowhere else: nothing writes them.
const known = new Map<string, Secret>();
const needles = new Needles();
let passedOn = 0;

const JWT = /^eyJ[\w-]+\.[\w-]*\.([\w-]*)$/;
const BOOTSTRAP_TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

/**
 * Registers a text that must leave this process in no form. Of a JWT it is the signature: the rest says who its owner is, and
 * opens nothing. Of a bootstrap token it is each half as well. Less than six characters cannot be told from other texts.
 */
export function registerSecret(text: string | undefined): void {
  const signature = JWT.exec(text ?? "")?.[1];
  const halves = BOOTSTRAP_TOKEN.exec(text ?? "")?.slice(1) ?? [];
  for (const secret of [signature ?? text ?? "", ...halves])
    if (secret.length >= SHORTEST) register({ text: secret });
}

/** Registers a secret of whatever kind. */
export function register(secret: Secret): void {
  const key = "text" in secret ? `${secret.nested ?? ""}:${secret.text}` : secret.base64;
  if (known.has(key)) return;
  known.set(key, secret);
  for (const form of formsOf(secret)) needles.add(form);
}

/** What was registered since this was last asked: for the process that writes down what this one has seen. */
export function newSecrets(): Secret[] {
  const fresh = [...known.values()].slice(passedOn);
  passedOn = known.size;
  return fresh;
}

/** A text without what is registered, in every encoding, and without what has the form of a secret. */
export function redact(text: string): string {
  return needles.replaceIn(withoutPatterns(text), "[secret]");
}

/** The same for every text in a value, which may be nested. */
export function redactAll<T>(value: T): T {
  if (typeof value === "string") return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactAll) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, redactAll(part)])) as T;
}

/** What a text holds that must not leave this process, in words; undefined where it holds nothing. */
export function secretIn(text: string): string | undefined {
  return (
    patternIn(text) ??
    (needles.replaceIn(text, "") === text ? undefined : "a secret that this run made or read")
  );
}
