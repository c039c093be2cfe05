import { expect, test } from "vitest";
import { define } from "../config/define.test-data.ts";
import { controlPlanes, versionOfOwnImage } from "./node-image.ts";

test.each([
  ["kindest/node:v1.36.3", "v1.36.3"],
  ["registry.example:5000/kindest/node:v1.36.3@sha256:0123", "v1.36.3"],
  ["node:1.36.3-mine", "v1.36.3"],
  ["kindest/node:latest", undefined],
])("the version of nodes with the image %s: %s", (image, version) => {
  expect(versionOfOwnImage(define({ nodes: [{ role: "worker" }, { role: "control-plane", image }] }))).toBe(
    version,
  );
});

test("a config that names no image has no version", () => {
  expect(versionOfOwnImage(define({}))).toBeUndefined();
});

test("control planes are counted as kind does", () => {
  expect(controlPlanes(define({}))).toBe(1);
  const roles = [{}, { role: "control-plane" }, { role: "worker" }];
  expect(controlPlanes(define({ nodes: roles }))).toBe(2);
});
