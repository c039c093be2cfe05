import { expect, test } from "vitest";
import { forbidden } from "./refusals.ts";

const SECRETS =
  'secrets is forbidden: User "system:kube-scheduler" cannot list resource "secrets" in API group "" in the namespace "kube-system"';

test.each<[string, Parameters<typeof forbidden>, string, boolean]>([
  ["verb and resource", ["list", "secrets"], SECRETS, true],
  ["the user as well", ["list", "secrets", { user: "system:kube-scheduler" }], SECRETS, true],
  ["another verb", ["get", "secrets"], SECRETS, false],
  ["another resource", ["list", "secret"], SECRETS, false],
  ["another user", ["list", "secrets", { user: "system:kube-schedulers" }], SECRETS, false],
  ["the authorizer's reason", ["list", "secrets", { because: /namespace "kube-/ }], SECRETS, true],
  ["another reason", ["list", "secrets", { because: /no relationship/ }], SECRETS, false],
  ["a subresource", ["create", "pods/binding"], 'User "a" cannot create resource "pods/binding" in', true],
  ["a path", ["get", "/metrics"], 'forbidden: User "system:anonymous" cannot get path "/metrics"', true],
  ["another path", ["get", "/metrics"], 'User "system:anonymous" cannot get path "/metrics/slis"', false],
])("forbidden() tells %s", (_what, words, message, matches) => {
  expect(forbidden(...words).reason?.test(message)).toBe(matches);
});
