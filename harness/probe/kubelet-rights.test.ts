import { expect, test } from "vitest";
import { KubernetesVersion } from "../config/version.ts";
import { missingRight } from "./kubelet-rights.ts";

const [v130, v132, v137] = ["1.30.4", "1.32.1", "1.37.2"].map((text) => new KubernetesVersion(text)) as [
  KubernetesVersion,
  KubernetesVersion,
  KubernetesVersion,
];

test("from 1.33 a path's own subresource is named before proxy", () => {
  expect("Forbidden (user=u, verb=get, resource=nodes, subresource(s)=[pods proxy])").toMatch(
    missingRight(v137, "get", "/pods"),
  );
  expect("Forbidden (user=u, verb=get, resource=nodes, subresource(s)=[proxy])").toMatch(
    missingRight(v132, "get", "/pods"),
  );
});

test("to 1.31 one subresource is named, without brackets", () => {
  expect("Forbidden (user=u, verb=get, resource=nodes, subresource=proxy)").toMatch(
    missingRight(v130, "get", "/pods"),
  );
  expect("Forbidden (user=u, verb=get, resource=nodes, subresource(s)=[proxy])").not.toMatch(
    missingRight(v130, "get", "/pods"),
  );
});

test.each([
  ["/stats/summary", "stats"],
  ["/metrics/cadvisor", "metrics"],
  ["/logs/", "log"],
  ["/configz", "configz proxy"],
  ["/exec/kube-system/any/any?command=id", "proxy"],
  ["/metricsfoo", "proxy"],
])("the right to %s is nodes/%s", (path, rights) => {
  expect(`Forbidden (user=u, verb=get, resource=nodes, subresource(s)=[${rights}])`).toMatch(
    missingRight(v137, "get", path),
  );
});

test("another verb or another user is another refusal", () => {
  const said = "Forbidden (user=system:kube-scheduler, verb=get, resource=nodes, subresource(s)=[proxy])";
  expect(said).toMatch(missingRight(v137, "get", "/run", "system:kube-scheduler"));
  expect(said).not.toMatch(missingRight(v137, "get", "/run", "system:kube-controller-manager"));
  expect(said).not.toMatch(missingRight(v137, "create", "/run"));
});
