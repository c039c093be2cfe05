import { expect, test } from "vitest";
import { issuerInArguments, type JwtIssuer, jwtIssuer, type Mapping } from "./jwt-issuer.ts";

const fault = (issuer: JwtIssuer) => jwtIssuer(issuer, "mine.yaml:7").fault;
const withArguments = (given: Record<string, string>) =>
  issuerInArguments((name) => ({ "oidc-issuer-url": "https://issuer.test", ...given })[name]) ?? {};
const prefixed = { claim: "sub", prefix: "test:" };

test("an issuer in arguments is prefixed as the API server does it", () => {
  expect(issuerInArguments(() => undefined)).toBeUndefined();
  expect(fault(withArguments({}))).toBeUndefined();
  expect(fault(withArguments({ "oidc-username-claim": "email" }))).toBeUndefined();
  expect(fault(withArguments({ "oidc-username-prefix": "-" }))).toMatch(/name its users system:/);
  expect(fault(withArguments({ "oidc-groups-claim": "groups" }))).toMatch(/name its groups system:/);
  expect(
    fault(withArguments({ "oidc-groups-claim": "groups", "oidc-groups-prefix": "oidc:" })),
  ).toBeUndefined();
});

test("what the config does not ask for is at fault", () => {
  const { claimMappings } = withArguments({});
  expect(jwtIssuer({ claimMappings: claimMappings ?? {} }, undefined).fault).toMatch(/nothing in the config/);
});

test.each<[Mapping, boolean]>([
  [{ claim: "groups", prefix: "test:" }, false],
  [{ claim: "groups", prefix: "" }, true],
  [{ claim: "groups", prefix: "sys" }, true],
  [{ claim: "groups", prefix: "system:node:" }, true],
  [{ expression: "claims.groups" }, true],
  [{ expression: "claims.roles.split(',')" }, true],
  [{ expression: "['developers', 'readers']" }, false],
  [{ expression: "['developers', 'system:masters']" }, true],
  [{ expression: "claims.groups.map(g, 'test:' + g)" }, false],
  [{ expression: 'has(claims.groups) ? claims.groups.map(g, "test:" + g) : []' }, false],
  [{ expression: "claims.groups.map(g, 'test:' + g) + claims.more" }, true],
])("groups by %o may be system: %s", (groups, may) => {
  expect(fault({ claimMappings: { username: prefixed, groups } }) !== undefined).toBe(may);
});

test.each<[Mapping, boolean]>([
  [{ expression: "'test:' + claims.sub" }, false],
  [{ expression: "claims.admin ? 'system:admin' : 'test:' + claims.sub" }, true],
  [{ expression: "'test:' + claims.sub == 'x' ? claims.sub : 'a'" }, true],
  [{ expression: "claims.email" }, false],
  [{ expression: "claims.sub" }, true],
])("users by %o may be system: %s", (username, may) => {
  expect(fault({ claimMappings: { username } }) !== undefined).toBe(may);
});

test("a rule against system: names is one", () => {
  const claimMappings = {
    username: { claim: "sub", prefix: "" },
    groups: { claim: "groups", prefix: "" },
  };
  const names = { expression: "!user.username.startsWith('system:')" };
  const groups = { expression: 'user.groups.all(group, !group.startsWith("system:"))' };
  expect(fault({ claimMappings, userValidationRules: [names, groups] })).toBeUndefined();
  expect(fault({ claimMappings, userValidationRules: [names] })).toMatch(/its groups system:/);
  const either = { expression: `${names.expression} || true` };
  expect(fault({ claimMappings, userValidationRules: [either, groups] })).toMatch(/its users system:/);
});
