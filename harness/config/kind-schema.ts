import { z } from "zod";
import { isObject } from "./json.ts";
import { asBoolean, asText, asWholeNumber } from "./plain-scalar.ts";

// What kind's decoder makes of a scalar (go.yaml.in/yaml/v3, decode.go `scalar`).
const text = z.preprocess(asText, z.string());
const whole = z.preprocess(asWholeNumber, z.int());
const flag = z.preprocess(asBoolean, z.boolean());
const upper = (value: unknown) => (typeof value === "string" ? value.toUpperCase() : value);
const word = <const T extends readonly string[]>(...words: T) => z.preprocess(asText, z.enum(words));

/** An object of kind's. A scalar field without a value, or with empty text, has its default, as if it were not written. */
function object<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(
    (value) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null && inner !== ""))
        : value,
    z.strictObject(shape),
  );
}

/** A map of kind's. A key without a value has the zero value of Go's type. */
function map<T extends z.ZodType>(values: T, zero: unknown) {
  return z.preprocess(
    (value) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner ?? zero]))
        : value,
    z.record(z.string(), values),
  );
}

const JsonPatch = object({
  group: text.optional(),
  version: text.optional(),
  kind: text.optional(),
  patch: text.optional(),
});

const Patches = {
  kubeadmConfigPatches: z.array(text).optional(),
  kubeadmConfigPatchesJSON6902: z.array(JsonPatch).optional(),
};

const KindNode = object({
  role: word("control-plane", "worker").optional(),
  image: text.optional(),
  labels: map(text, "").optional(),
  extraMounts: z
    .array(
      object({
        hostPath: text.optional(),
        containerPath: text.optional(),
        readOnly: flag.optional(),
        selinuxRelabel: flag.optional(),
        propagation: word("None", "HostToContainer", "Bidirectional").optional(),
      }),
    )
    .optional(),
  extraPortMappings: z
    .array(
      object({
        containerPort: whole.optional(),
        hostPort: whole.optional(),
        listenAddress: text.optional(),
        protocol: z.preprocess((value) => upper(asText(value)), z.enum(["TCP", "UDP", "SCTP"])).optional(),
      }),
    )
    .optional(),
  ...Patches,
});

/** kind's own configuration, v1alpha4 (pkg/apis/config/v1alpha4/types.go of kind 0.33). */
export const KindConfig = object({
  kind: z.preprocess(asText, z.literal("Cluster")),
  apiVersion: z.preprocess(asText, z.literal("kind.x-k8s.io/v1alpha4")),
  name: text.optional(),
  nodes: z.array(KindNode).optional(),
  networking: object({
    ipFamily: word("ipv4", "ipv6", "dual").optional(),
    apiServerPort: whole.optional(),
    apiServerAddress: text.optional(),
    podSubnet: text.optional(),
    serviceSubnet: text.optional(),
    disableDefaultCNI: flag.optional(),
    kubeProxyMode: word("iptables", "nftables", "ipvs", "none").optional(),
    dnsSearch: z.array(text).optional(),
  }).optional(),
  featureGates: map(flag, false).optional(),
  runtimeConfig: map(text, "").optional(),
  containerdConfigPatches: z.array(text).optional(),
  containerdConfigPatchesJSON6902: z.array(text).optional(),
  ...Patches,
});

export type KindConfig = z.infer<typeof KindConfig>;

/** The fields that kind knows at a place of its config. */
export function fieldsAt(path: PropertyKey[]): string[] {
  const place = path.reduce<unknown>((schema, key) => {
    const outer = bare(schema);
    if (outer instanceof z.ZodArray) return outer.element;
    return outer instanceof z.ZodObject ? outer.shape[String(key)] : undefined;
  }, KindConfig);
  const schema = bare(place);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return bare(schema.unwrap());
  return schema instanceof z.ZodPipe ? bare(schema.out) : schema;
}
