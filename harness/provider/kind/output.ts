import { EnvironmentError, oneLine } from "../../support/errors.ts";

/** The step that kind is at. It announces each with a bullet: ` • Preparing nodes 📦  ...`. */
export function currentStep(output: string): string {
  const steps = [...output.matchAll(/[•✓✗] ([^\n]+?)\s*(?:\p{Extended_Pictographic}.*)?$/gmu)];
  return steps.at(-1)?.[1] ?? "";
}

/** The gateway in what `ip route show default` prints: on a network of containers, the machine that runs the engine. */
export function gatewayIn(routes: string): string {
  const gateway = /^default via (\S+)/m.exec(routes)?.[1];
  if (gateway) return gateway;
  throw new EnvironmentError("A node cannot reach this machine: it has no default route.", {
    expected: "`ip route show default` to name a gateway",
    found: oneLine(routes) || "no route",
  });
}
