import { expect, test } from "vitest";
import { rightsBeyond } from "./broad-bindings.ts";

const allowed = [
  { nonResourceURLs: ["/version", "/api/*"], verbs: ["get"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["get"], resourceNames: ["cluster-info"] },
];

test.each([
  [{ nonResourceURLs: ["/version", "/api/v1"], verbs: ["get"] }, []],
  [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }, ["get /metrics"]],
  [{ nonResourceURLs: ["*"], verbs: ["get"] }, ["get *"]],
  [{ nonResourceURLs: ["/version"], verbs: ["*"] }, ["* /version"]],
  [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"], resourceNames: ["cluster-info"] }, []],
  [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }, ["get configmaps"]],
  [{ apiGroups: ["apps"], resources: ["*"], verbs: ["list"] }, ["list *.apps"]],
])("%o is more by %o", (rule, more) => {
  expect(rightsBeyond(rule, allowed)).toEqual(more);
});
