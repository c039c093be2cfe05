import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterName } from "./cluster-name.ts";

test("a cluster's name says where it comes from", () => {
  expect(clusterName("default", "v1.37.2", "3fa9c1")).toBe("pp-default-37-3fa9c1");
  expect(clusterName("My Config (new)", "v1.30.4", "3fa9c1")).toBe("pp-my-config-new-30-3fa9c1");
  expect(clusterName("…", "v1.37.2", "3fa9c1")).toBe("pp-37-3fa9c1");
});

test("whatever the config is called, its nodes have names that hosts can have", () => {
  fc.assert(
    fc.property(fc.string(), (title) => {
      const host = `${clusterName(title, "v1.37.2", "3fa9c1")}-external-load-balancer`;
      expect(host.length).toBeLessThanOrEqual(63);
      expect(host).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    }),
  );
});
