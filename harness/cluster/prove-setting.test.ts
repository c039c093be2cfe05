import { expect, test } from "vitest";
import { fieldsOfKinds } from "../config/fields.ts";
import { zeroWhereOmitted } from "./prove-setting.ts";

const kubelet = fieldsOfKinds(37).get("KubeletConfiguration");

test.each([
  ["readOnlyPort", 0],
  ["serverTLSBootstrap", false],
  ["tlsMinVersion", ""],
  ["tlsCipherSuites", []],
])("what the kubelet leaves out has its zero value: %s", (field, zero) => {
  expect(zeroWhereOmitted(field.split("."), kubelet)).toEqual(zero);
});

test.each(["authentication.anonymous.enabled", "healthzPort", "featureGates.Some", "anonymus"])(
  "but not what may be nil, is a key of a map or unknown: %s",
  (field) => {
    expect(zeroWhereOmitted(field.split("."), kubelet)).toBeUndefined();
  },
);
