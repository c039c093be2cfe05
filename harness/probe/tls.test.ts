import { describe, expect, test } from "vitest";
import { address, outcomeOf } from "./tls.ts";
import { TcpError } from "./vantage.ts";

/** An error as Node makes it of an OpenSSL one. */
function openssl(words: string, code = "ERR_SSL_SOMETHING"): Error {
  const message = `140:error:0A00045C:SSL routines:ssl3_read_bytes:${words}\n`;
  return Object.assign(new Error(message), { code });
}

describe("an alert is the server's refusal, by its number", () => {
  test.each([
    ["tlsv13 alert certificate required", 116, "certificate required"],
    ["tlsv1 alert unknown ca", 48, "unknown CA"],
    ["sslv3 alert bad certificate", 42, "bad certificate"],
    ["tlsv1 alert something new", 200, "alert 200"],
  ])("%s", (words, alert, reason) => {
    const error = openssl(`${words}:../deps/openssl/ssl/record/rec_layer_s3.c:908:SSL alert number ${alert}`);
    expect(outcomeOf(error)).toEqual({ kind: "refused", layer: "tls", alert, reason });
  });
});

test("a TCP connection that was refused, or did not come about", () => {
  expect(outcomeOf(new TcpError("connection refused", true))).toMatchObject({
    kind: "refused",
    layer: "tcp",
  });
  expect(outcomeOf(new TcpError("no answer", false))).toEqual({ kind: "failed", reason: "no answer" });
});

test.each([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
])("%s is our own refusal of the server", (code) => {
  const { kind, layer, alert, reason } = outcomeOf(Object.assign(new Error("why"), { code })) as Record<
    string,
    unknown
  >;
  expect([kind, layer, alert, reason]).toEqual([
    "refused",
    "tls",
    undefined,
    "the client refuses the server's certificate: why",
  ]);
});

test.each([
  Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
  new Error("no answer to the request"),
  "a text that was thrown",
  undefined,
])("what is no refusal proves nothing: %s", (thrown) => {
  expect(outcomeOf(thrown)).toEqual({ kind: "failed", reason: expect.any(String) });
});

test("writes addresses of both families", () => {
  expect(address({ host: "10.0.0.1", port: 1 })).toBe("10.0.0.1:1");
  expect(address({ host: "fd00::1", port: 1 })).toBe("[fd00::1]:1");
});
