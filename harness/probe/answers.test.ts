import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readApi, readKubelet, readPlain } from "./answers.ts";

const status = (code: number, message: string) => ({
  status: code,
  body: JSON.stringify({ kind: "Status", message }),
});

describe("the API's refusals, by layer", () => {
  test.each([
    [401, "Unauthorized", "authentication"],
    [
      403,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group ""',
      "authorization",
    ],
    [403, 'forbidden: User "a" cannot get path "/metrics"', "authorization"],
    [403, 'nodes "a" is forbidden: node "b" is not allowed to modify node "a"', "admission"],
    [403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest"', "admission"],
    [404, 'pods "a" not found', "validation"],
    [422, 'Pod "a" is invalid', "validation"],
  ])("%s %s", (code, message, layer) => {
    expect(readApi(status(code, message))).toEqual({
      kind: "refused",
      layer,
      status: code,
      reason: message,
    });
  });

  test("a user may have any name", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const message = `pods is forbidden: User ${JSON.stringify(name)} cannot list resource "pods"`;
        expect(readApi(status(403, message))).toMatchObject({ layer: "authorization" });
      }),
    );
  });
});

test("an answer is accepted with its object, or with its text where it is none", () => {
  expect(readApi({ status: 201, body: '{"a":1}' })).toMatchObject({
    kind: "accepted",
    status: 201,
    data: { a: 1 },
  });
  expect(readApi({ status: 200, body: "ok" })).toMatchObject({ kind: "accepted", data: "ok" });
  expect(readPlain({ status: 200, body: "{}" })).toMatchObject({ kind: "accepted", data: "{}" });
});

test.each([408, 429, 500, 503, 504])("%s proves nothing", (code) => {
  for (const reading of [readApi, readKubelet, readPlain]) {
    expect(reading({ status: code, body: "try again" })).toEqual({
      kind: "failed",
      reason: `HTTP ${code}: try again`,
    });
  }
});

test("a kubelet whose webhook cannot be asked refuses with 500", () => {
  const body = "Authorization error (user=a, verb=get, resource=nodes, subresource=proxy)";
  expect(readKubelet({ status: 500, body })).toMatchObject({ layer: "authorization", status: 500 });
  expect(readKubelet({ status: 403, body: "Forbidden (user=a)" })).toMatchObject({
    layer: "authorization",
  });
  expect(readKubelet({ status: 401, body: "Unauthorized" })).toMatchObject({ layer: "authentication" });
});

test("what Go's TLS servers say to plain HTTP is a refusal by TLS", () => {
  const body = "Client sent an HTTP request to an HTTPS server.\n";
  expect(readPlain({ status: 400, body })).toMatchObject({ kind: "refused", layer: "tls", status: 400 });
  expect(readPlain({ status: 400, body: "Bad Request" })).toMatchObject({ layer: "validation" });
});
