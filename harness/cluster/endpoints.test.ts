import { expect, test } from "vitest";
import { endpointOf, loopbackFor } from "./endpoints.ts";

test.each([
  ["0.0.0.0", "127.0.0.1"],
  ["*", "127.0.0.1"],
  ["::", "::1"],
  ["::1", "::1"],
  ["172.18.0.2", "172.18.0.2"],
])("what is bound to %s is reached from home at %s", (bound, home) => {
  expect(loopbackFor(bound)).toBe(home);
});

test.each([
  ["https://172.18.0.2:2379", { host: "172.18.0.2", port: 2379 }],
  ["https://[fd00::2]:6443", { host: "fd00::2", port: 6443 }],
  ["https://api.example", { host: "api.example", port: 443 }],
  ["http://127.0.0.1:2381", { host: "127.0.0.1", port: 2381 }],
])("the endpoint in %s", (url, endpoint) => {
  expect(endpointOf(url)).toEqual(endpoint);
});
