import { UsageError } from "../support/errors.ts";
import { kind } from "./kind/provider.ts";
import type { Provider, ProviderName } from "./provider.ts";

/** The provider of a name. */
export function providerOf(name: ProviderName): Provider {
  if (name === "kind") return kind;
  throw new UsageError("The provider `namespaces` is not available yet.", {
    expected: "--provider kind",
    found: name,
  });
}
