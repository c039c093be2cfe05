import { expect, test } from "vitest";
import { boundEndpoint, endpointOf, loopbackFor } from "./endpoints.ts";

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

test.each([
  ["127.0.0.1:10249", "127.0.0.1", 10249],
  ["0.0.0.0:9000", "127.0.0.1", 9000],
  [":9000", "127.0.0.1", 9000],
  ["[::]:9000", "::1", 9000],
  ["::1", "::1", 10256],
  ["172.18.0.2", "172.18.0.2", 10256],
])("what is bound to %s is reached from its node at %s, port %i", (bound, host, port) => {
  expect(boundEndpoint(bound, 10256)).toEqual({ host, port });
});
