import type { Component } from "../lab/component.ts";
import type { Lab } from "../lab/lab.ts";
import { type TrustPurpose, trustBundle } from "../lab/trust-bundle.ts";
import { enumeration, nothingBeyond } from "../probe/enumeration.ts";
import { type Control, observed } from "./control.ts";

const WHOSE: Record<TrustPurpose["authority"], string> = {
  ca: "the cluster's CA",
  "etcd/ca": "etcd's CA",
  "front-proxy-ca": "the front proxy's CA",
};

/** A file of CAs that an argument of a component names, and the control's name. */
interface TrustedFile extends TrustPurpose {
  name: string;
  argument: string;
}

/** The observation that a component trusts no CA but those that may be in the file of an argument (`trustBundle`). */
export function trustsOnly(
  lab: Lab,
  component: Component,
  { name, argument, ...purpose }: TrustedFile,
): Control<"observation"> {
  const { command, node } = component;
  const every = async () => {
    const cas = await trustBundle(lab, await component.caFile(argument), purpose);
    return enumeration(node, `${command}'s --${argument}`, cas);
  };
  return observed(name, every, nothingBeyond(`${WHOSE[purpose.authority]} only`));
}
