import { expect, test } from "vitest";
import { etcd, kubernetes, slide, slides } from "./documented.ts";

test("the slides stand in the deck one after the other, each with a line between", () => {
  const ranges: readonly (readonly [number, number])[] = Object.values(slides);
  let lastBefore = -1;
  for (const [first, last] of ranges) {
    expect(first).toBeGreaterThan(lastBefore + 1);
    expect(last).toBeGreaterThan(first);
    lastBefore = last;
  }
});

test("a slide is cited by its heading and by its lines at a commit", () => {
  const { source, section, url } = slide("Kubelet → API server");
  expect(source).toBe("Securing the control plane");
  expect(section).toBe("Kubelet → API server");
  expect(url).toMatch(/\/blob\/[0-9a-f]{40}\/slides\/k8s\/control-plane-auth\.md\?plain=1#L135-L145$/);
});

test("a page is cited by its path under the documentation of its project", () => {
  expect(kubernetes("Kubelet authorization", "reference/a/#b").url).toBe(
    "https://kubernetes.io/docs/reference/a/#b",
  );
  expect(etcd("Transport security model", "op-guide/security/").url).toBe(
    "https://etcd.io/docs/v3.7/op-guide/security/",
  );
});
