import { expect, test } from "vitest";
import { define } from "../config/define.test-data.ts";
import { silent } from "../support/progress.ts";
import { controlPlanes, wantedVersion, withImages } from "./node-image.ts";

const OURS = { reference: "planeproof/node:v1.37.2", kubernetes: "v1.37.2" };
const mixed = define({ nodes: [{ image: "mine/node:latest" }, { role: "worker" }] });

test("nodes keep the images that a config names for them, and the others do not get kind's own default", () => {
  const { nodes } = withImages(mixed.config, { ...OURS, forAll: false });
  expect(nodes?.map(({ image }) => image)).toEqual(["mine/node:latest", OURS.reference]);
});

test("where the user asks for a version, the config stays as it is: all nodes get its image", () => {
  expect(withImages(mixed.config, { ...OURS, forAll: true })).toBe(mixed.config);
});

test.each([
  ["that the user asks for", mixed, "1.36", "1.36"],
  ["the default, where the first control plane has no image of its own", define({}), undefined, "1.37"],
])("the version that is wanted: %s", async (_, definition, kubernetes, version) => {
  expect(await wantedVersion(definition, kubernetes, silent)).toBe(version);
});

test("control planes are counted as kind does", () => {
  expect(controlPlanes(define({}))).toBe(1);
  const roles = [{}, { role: "control-plane" }, { role: "worker" }];
  expect(controlPlanes(define({ nodes: roles }))).toBe(2);
});
