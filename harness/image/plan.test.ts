import { expect, it } from "vitest";
import { planOf } from "./plan.ts";
import { buildableRelease } from "./versions.ts";

const newest = buildableRelease("v1.37.2");

it("gives the same names to the same image", async () => {
  expect(await planOf(newest, "go1.26.8")).toEqual(await planOf(newest, "go1.26.8"));
});

it("shares the base between Kubernetes versions, and CoreDNS, and not etcd", async () => {
  const [one, other] = await Promise.all([
    planOf(newest, "go1.26.8"),
    planOf(buildableRelease("v1.36.3"), "go1.26.8"),
  ]);
  expect(other.base).toBe(one.base);
  expect(other.node).not.toBe(one.node);
  const shared = one.others
    .map(({ name }) => name)
    .filter((name) => other.others.some((part) => part.name === name));
  expect(shared.map((name) => name.replace(/-v.*/, ""))).toEqual([
    "containerd",
    "cni-plugins",
    "pause",
    "crictl",
    "coredns",
  ]);
});

it("builds everything but Debian again with another Go", async () => {
  const [one, other] = await Promise.all([planOf(newest, "go1.26.8"), planOf(newest, "go1.27.0")]);
  expect(other.rootfs).toBe(one.rootfs);
  for (const part of ["base", "node"] as const) expect(other[part]).not.toBe(one[part]);
  expect(other.kubernetes.name).not.toBe(one.kubernetes.name);
});
