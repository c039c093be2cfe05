import { expect, it } from "vitest";
import { nameOf } from "./component-images.ts";

it.each([
  ["registry.k8s.io/kube-apiserver:v1.37.2", "kube-apiserver"],
  ["registry.k8s.io/coredns/coredns:v1.14.6", "coredns"],
  ["localhost:5000/pause@sha256:00", "pause"],
])("%s is called %s", (reference, name) => {
  expect(nameOf(reference)).toBe(name);
});
