import { expect, it } from "vitest";
import { mirrorAmong } from "./rootfs.ts";

it("takes the full archive of Debian, not its updates and not another publisher", () => {
  const targets = [
    "Docker|Packages|https://packages.example/linux/debian|bookworm",
    "Debian|Packages|http://mirror.example/debian-security/|bookworm-security",
    "Debian|DEP-11|http://mirror.example/icons/|bookworm",
    "Debian|Packages|http://mirror.example/debian/|bookworm",
  ];
  expect(mirrorAmong(targets.join("\n"))).toBe("http://mirror.example/debian/");
});

it("finds none on another distribution", () => {
  expect(mirrorAmong("Ubuntu|Packages|http://mirror.example/ubuntu/|noble")).toBeUndefined();
  expect(mirrorAmong("")).toBeUndefined();
});
