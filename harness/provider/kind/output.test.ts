import { expect, test } from "vitest";
import { currentStep, gatewayIn } from "./output.ts";

test("the last step that kind has announced, without its picture", () => {
  const output = " ✓ Ensuring node image (kindest/node:v1.37.2) 🖼\n • Preparing nodes 📦 📦   ...\n";
  expect(currentStep(output)).toBe("Preparing nodes");
  expect(currentStep(" ✗ Starting control-plane 🕹️\n")).toBe("Starting control-plane");
  expect(currentStep("Deleted nodes\n")).toBe("");
});

test("the gateway of the default route", () => {
  expect(gatewayIn("default via 172.18.0.1 dev eth0 \n")).toBe("172.18.0.1");
  expect(gatewayIn("default via fc00::1 dev eth0 metric 1024 pref medium\n")).toBe("fc00::1");
});

test.each(["", "default dev tun0 scope link\n"])("no gateway in %j", (routes) => {
  expect(() => gatewayIn(routes)).toThrow("no default route");
});
