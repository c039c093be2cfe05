import fc from "fast-check";
import { expect, test } from "vitest";
import { missingCapabilities } from "./capabilities.ts";

const status = (mask: bigint) =>
  `Name:\tnode\nCapEff:\t0000000000000000\nCapBnd:\t${mask.toString(16).padStart(16, "0")}\n`;

test("a machine that can grant everything lacks nothing", () => {
  expect(missingCapabilities(status(0x1ff_ffff_ffffn), 40)).toEqual([]);
});

test("bit 24 is CAP_SYS_RESOURCE", () => {
  expect(missingCapabilities(status(0x1ff_feff_ffffn), 40)).toEqual(["CAP_SYS_RESOURCE"]);
});

test("what an older kernel does not know is not missing", () => {
  expect(missingCapabilities(status(0x3f_ffff_ffffn), 37)).toEqual([]); // Linux 5.4: up to CAP_AUDIT_READ
});

test("a status without the line, as on no Linux, says nothing", () => {
  expect(missingCapabilities("", 0)).toEqual([]);
});

test("each bit is missing exactly when it is not set", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 41n) - 1n }), (mask) => {
      const unset = [...Array(41).keys()].filter((bit) => !((mask >> BigInt(bit)) & 1n)).length;
      expect(missingCapabilities(status(mask), 40)).toHaveLength(unset);
    }),
  );
});
