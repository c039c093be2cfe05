import { type ClusterDefinition, parseDefinition } from "./kind-config.ts";

/** A definition with these fields below its head; they begin in line 3. */
export function define(fields: object | string): ClusterDefinition {
  const text = typeof fields === "string" ? fields : JSON.stringify(fields).slice(1, -1);
  const head = ["kind: Cluster", "apiVersion: kind.x-k8s.io/v1alpha4"];
  const whole =
    typeof fields === "string"
      ? [...head, text].join("\n")
      : `{${head.join(",\n")}${text ? `,\n${text}` : ""}}`;
  return parseDefinition(whole, "my.yaml");
}
