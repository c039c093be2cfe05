import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EnvironmentError, UsageError } from "../support/errors.ts";
import {
  acceptableVersions,
  buildableRelease,
  publishedReference,
  releases,
  resolveVersion,
} from "./versions.ts";

describe("resolveVersion", () => {
  it.each([
    ["1.37", "v1.37.2"],
    ["v1.36", "v1.36.3"],
    ["1.33", "v1.33.13"],
    ["v1.37.2", "v1.37.2"],
    ["1.29.4", "v1.29.4"], // it may be in the engine, even though it cannot be built
  ])("%s is %s", (asked, resolved) => {
    expect(resolveVersion(asked)).toBe(resolved);
  });

  it("leaves what it has resolved as it is", () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), (minor, patch) => {
        const once = resolveVersion(`1.${minor}.${patch}`);
        expect(resolveVersion(once)).toBe(once);
      }),
    );
  });

  it.each(["", "latest", "2.1", "1", "1.037", "1.37.", "1.37.2-rc.1", "1.37.2 "])("refuses %j", (asked) => {
    expect(() => resolveVersion(asked)).toThrow(UsageError);
  });

  it("says which releases there are where there is none of a minor", () => {
    expect(() => resolveVersion("1.12")).toThrow(EnvironmentError);
    expect(() => resolveVersion("1.12")).toThrow("v1.37.2");
  });
});

describe("the table of releases", () => {
  it("is ordered, the newest first, so that a minor finds its newest", () => {
    const sorted = releases.map(({ kubernetes }) => kubernetes);
    sorted.sort((one, other) => other.localeCompare(one, "en", { numeric: true }));
    expect(releases.map(({ kubernetes }) => kubernetes)).toEqual(sorted);
  });

  it("has what can be built, and nothing else", () => {
    expect(buildableRelease("v1.33.13").etcd).toBe("v3.5.24");
    expect(() => buildableRelease("v1.29.4")).toThrow(EnvironmentError);
  });
});

describe("published images", () => {
  it("are named by digest where it is known", () => {
    expect(publishedReference("v1.37.0")).toMatch(
      /^docker\.io\/kindest\/node:v1\.37\.0@sha256:[0-9a-f]{64}$/,
    );
    expect(publishedReference("v1.37.2")).toBe("docker.io/kindest/node:v1.37.2");
  });

  it("answer a minor, but not a release that was asked for by name", () => {
    expect(acceptableVersions("1.37")).toEqual(["v1.37.2", "v1.37.0"]);
    expect(acceptableVersions("1.37.2")).toEqual(["v1.37.2"]);
    expect(acceptableVersions("1.30")).toEqual(["v1.30.4"]);
  });
});
