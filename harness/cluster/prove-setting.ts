import type { ExpectedSetting } from "../config/expected-settings.ts";
import { type Fields, kubeletArgument } from "../config/fields.ts";
import { type Json, valueAt } from "../config/json.ts";
import { argumentMatches, settingMatches } from "../config/setting-matches.ts";
import { flags } from "../node/processes.ts";
import type { LiveNode } from "./live-node.ts";
import { notProvable, type Proof, seen, shown } from "./proof.ts";
import { proveKubeadmSetting } from "./prove-kubeadm-setting.ts";

/** What a proof needs beside the live node. */
export interface Asked {
  /** Every setting that the patches ask for on the node. */
  settings: readonly ExpectedSetting[];
  /** The documents that kubeadm was given for it. */
  given: readonly Json[];
  fields: ReadonlyMap<string, Fields>;
}

/** Proves one setting on one node. */
export async function proveSetting(setting: ExpectedSetting, live: LiveNode, asked: Asked): Promise<Proof> {
  if (setting.argument) return proveArgument(setting, live, asked);
  const given = asked.given.find(({ kind }) => kind === setting.kind) ?? {};
  const written = valueAt(given, setting.field);
  if (setting.value === null) {
    return notProvable(written, "a setting that is taken away has its default, which may be the same value");
  }
  const field = asked.fields.get(setting.kind)?.get(setting.field.join("."));
  if (field?.only) return notProvable(undefined, `${field.only} has this field`);
  if (setting.kind === "KubeletConfiguration") return proveKubelet(setting, live, asked);
  if (setting.kind === "KubeProxyConfiguration") return proveProxy(setting, live, given);
  return (
    (await proveKubeadmSetting(setting, live)) ??
    notProvable(written, "kubeadm was given it, and nothing that lives in the cluster shows it")
  );
}

async function proveArgument(
  { argument, field, value }: ExpectedSetting,
  live: LiveNode,
  { settings }: Asked,
): Promise<Proof> {
  const { command = "", name = "" } = argument ?? {};
  const process = await live.process(command);
  const found = process ? flags(process, name) : [];
  const several = settings.filter((other) => other.field.join() === field.join()).length > 1;
  const matches = several ? found.includes(String(value)) : argumentMatches(found, value);
  return seen(
    matches && process !== undefined,
    found.length > 1 ? found : found[0],
    `the arguments of ${command}`,
  );
}

async function proveKubelet(
  { kind, field, value }: ExpectedSetting,
  live: LiveNode,
  { settings, fields }: Asked,
): Promise<Proof> {
  const { config, live: told } = await live.kubelet();
  const found = valueAt(config, field) ?? zeroWhereOmitted(field, fields.get(kind));
  const proof = seen(
    settingMatches(found, value),
    found,
    told ? "the kubelet's /configz" : "the kubelet's file",
  );
  if (proof.state === "landed") {
    return told ? proof : notProvable(found, "the kubelet's /configz is closed: only its file shows it");
  }
  const name = kubeletArgument(field);
  const own = settings.find(({ argument }) => argument?.command === "kubelet" && argument.name === name);
  if (!own || !name) return proof;
  // An argument has the last word over the file, and is asked for as well: both are in force where they should be.
  return { state: "landed", found: `${shown(found)}, which --${name} asks for on this node` };
}

/** Go leaves a zero value out of what the kubelet tells, unless the field may be nil: then what is absent was not set. */
export function zeroWhereOmitted(path: readonly string[], fields: Fields | undefined): unknown {
  const { type, nil } = fields?.get(path.join(".")) ?? { type: "any", nil: true };
  if (nil) return undefined;
  return {
    text: "",
    boolean: false,
    number: 0,
    duration: "0s",
    list: [],
    map: {},
    object: {},
    any: undefined,
  }[type];
}

async function proveProxy({ field, value }: ExpectedSetting, live: LiveNode, given: Json): Promise<Proof> {
  const { config, live: told } = await live.proxy(given);
  const found = valueAt(config, field);
  if (!told)
    return notProvable(
      found,
      "kube-proxy does not tell its configuration here: only what it was given shows it",
    );
  return seen(settingMatches(found, value), found, "kube-proxy's /configz");
}
