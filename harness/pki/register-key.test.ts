import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { redact } from "../support/secrets/registry.ts";
import { registerPrivateKey } from "./register-key.ts";

test.each(["rsa", "ec", "ed25519"] as const)("a private key goes line by line: %s", (type) => {
  const options = { modulusLength: 2048, namedCurve: "P-256" };
  const { privateKey, publicKey } = generateKeyPairSync(type as "rsa", options as { modulusLength: number });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  registerPrivateKey(pem);
  const public64 = publicKey.export({ type: "spki", format: "pem" }).toString();
  expect(redact(public64)).toBe(public64);

  const other = type === "rsa" ? "pkcs1" : type === "ec" ? "sec1" : "pkcs8";
  const older = privateKey.export({ type: other as "pkcs1", format: "pem" }).toString();
  const jwk = privateKey.export({ format: "jwk" });
  const numbers = [jwk.d, jwk.p, jwk.q, jwk.dp].filter((part) => part !== undefined);
  for (const number of numbers) expect(redact(`d: ${number}`)).toBe("d: [secret]");
  expect(redact(Buffer.from(numbers[0] ?? "", "base64url").toString("hex"))).toBe("[secret]");

  const once = (text: string) => Buffer.from(text).toString("base64");
  const body = (text: string) => text.split("\n").slice(1, -2).join("\n"); // no BEGIN and no END gives it away
  for (const text of [pem, older]) {
    for (const shown of [body(text), once(`x: ${body(text)}`), once(`{"key":"${once(body(text))}"}`)]) {
      const left = redact(shown);
      expect(left).toContain("[secret]");
      expect(left.replaceAll("[secret]", "").length).toBeLessThan(
        type === "rsa" ? shown.length * 0.5 : shown.length * 0.7,
      );
    }
  }
});

test("what is no whole key is secret in all its lines", () => {
  const line = "c29tZSBieXRlcyBvZiBhIGtleSB0aGF0IHdhcyBjdXQgb2Zm".padEnd(64, "Q");
  registerPrivateKey(`-----BEGIN PRIVATE KEY-----\n${line}\n`);
  expect(redact(`x ${line} y`)).toBe("x [secret] y");
});
