import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const CHANNELS = ["etcd-client", "etcd-peer", "kubelet-authn", "kubelet-authz", "front-proxy"];

test("finds what was meant, best first", () => {
  expect(nearest("etcd-clinet", CHANNELS)).toEqual(["etcd-client"]);
  expect(nearest("kubelet-auth", CHANNELS).sort()).toEqual(["kubelet-authn", "kubelet-authz"]);
  expect(nearest("proxy", CHANNELS)).toEqual(["front-proxy"]);
  expect(nearest("kubeadm", CHANNELS)).toEqual([]);
  expect(nearest("", CHANNELS)).toEqual([]);
});

test("a name with one wrong letter is found first among the three", () => {
  fc.assert(
    fc.property(fc.constantFrom(...CHANNELS), fc.nat(), fc.constantFrom("x", ""), (name, at, letter) => {
      const place = at % name.length;
      const found = nearest(name.slice(0, place) + letter + name.slice(place + 1), CHANNELS);
      expect(found).toContain(name);
      expect(found.length).toBeLessThanOrEqual(3);
    }),
  );
});
