/** A secret as it was made or read: a text, or bytes such as a key's exponent. */
export type Secret =
  | {
      text: string;
      /** It is a part of a text that is itself passed on in base64, as a kubeconfig does with a key: then once more. */
      nested?: true;
    }
  | { base64: string };

/** Every form in which a secret is recognized: as it is, and in the encodings that logs, URLs and JSON give it. */
export function formsOf(secret: Secret): string[] {
  if ("base64" in secret) return encoded(Buffer.from(secret.base64, "base64"));
  const { text, nested } = secret;
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  const once = alignments(bytes);
  const goJson = json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return [
    // Logs are read so that every byte is a character.
    ...[text, json, goJson].flatMap((form) => [form, Buffer.from(form).toString("latin1")]),
    encodeURIComponent(text),
    ...encoded(bytes),
    ...(nested ? once.flatMap((form) => alignments(Buffer.from(form)).flatMap(bothAlphabets)) : []),
  ];
}

function encoded(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  return [
    hex,
    hex.toUpperCase(),
    bytes.toString("base64url"), // whole, its last character included, which an alignment leaves out
    bytes.toString("base64").replace(/=+$/, ""),
    ...alignments(bytes).flatMap((form) => [...bothAlphabets(form), encodeURIComponent(form)]),
  ];
}

function bothAlphabets(base64: string): string[] {
  return [base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
}

/**
 * The base64 of some bytes wherever they stand in what was encoded: of the groups of four at their edges only the
 * characters that hold no bit of what is beside them.
 */
export function alignments(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    return whole.toString("base64").slice(first, Math.floor((whole.length * 8) / 6));
  });
}
