import { describe, expect, test } from "vitest";
import { KubernetesVersion, kubeadmApi } from "./version.ts";

const version = (text: string) => new KubernetesVersion(text);

test("compares as numbers, not as text, down to the patch", () => {
  expect(version("v1.30.4").atLeast("1.9")).toBe(true);
  expect(version("1.9.0").atLeast("1.30")).toBe(false);
  expect(version("v1.33.12").atLeast("v1.33.12")).toBe(true);
  expect(version("v1.33.9").atLeast("1.33.12")).toBe(false);
  expect(version("v1.37.0-beta.1+build").text).toBe("v1.37.0-beta.1+build");
});

test("a change that came to several minors is in each from its own release on, and in all later minors", () => {
  const backported = ["1.33.12", "1.34.8"];
  const has = ["1.32.99", "1.33.11", "1.33.12", "1.34.7", "1.34.8", "1.35.0"].map((text) =>
    version(text).since(backported),
  );
  expect(has).toEqual([false, false, true, false, true, true]);
});

describe("a range", () => {
  test("holds where all of its comparisons hold", () => {
    const inRange = ["1.29.9", "1.30.0", "1.31.4", "1.32.0"].map((text) =>
      version(text).inRange(">=1.30 <1.32"),
    );
    expect(inRange).toEqual([false, true, true, false]);
  });

  test.each(["", ">1.29", "1.29", ">=1.29, <1.32"])("%j is none", (range) => {
    expect(() => version("1.30.0").inRange(range)).toThrow("is not a comparison");
  });
});

test.each(["1.37", "37", "v2.0.0", "latest"])("%s is no version in full", (text) => {
  expect(() => version(text)).toThrow("is not a Kubernetes version");
});

test("kind 0.33 writes v1beta4 from 1.36 on", () => {
  expect(kubeadmApi(version("1.35.4"))).toBe("kubeadm.k8s.io/v1beta3");
  expect(kubeadmApi(version("1.36.0"))).toBe("kubeadm.k8s.io/v1beta4");
});
