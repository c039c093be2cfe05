import { expect, test } from "vitest";
import { checkKubeletName } from "./check-kubelet-name.ts";
import { define } from "./define.test-data.ts";

const check = (kind: string, nodeRegistration: object, joins = false) => {
  const own = { kubeadmConfigPatches: [JSON.stringify({ kind, nodeRegistration })] };
  return () => checkKubeletName(define({ nodes: joins ? [{}, { role: "worker", ...own }] : [own] }));
};
const override = (name: string) => ({ kubeletExtraArgs: { "hostname-override": name } });

test("another name than the certificate's is refused, on every node that reads it", () => {
  expect(check("InitConfiguration", override("a"))).toThrow(
    /hostname-override(.|\n)*my\.yaml:3:(.|\n)*nodeRegistration\.name: a/,
  );
  expect(check("JoinConfiguration", { name: "b", ...override("a") }, true)).toThrow(
    /nodeRegistration\.name, which is b/,
  );
});

test("the name that kubeadm issues the certificate for is not", () => {
  expect(check("InitConfiguration", { name: "a", ...override("a") })).not.toThrow();
  expect(check("InitConfiguration", { kubeletExtraArgs: { v: "1" } })).not.toThrow();
});
