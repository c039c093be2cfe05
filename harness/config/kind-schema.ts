import { z } from "zod";

const JsonPatch = z.strictObject({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  patch: z.string(),
});

const Patches = {
  kubeadmConfigPatches: z.array(z.string()).optional(),
  kubeadmConfigPatchesJSON6902: z.array(JsonPatch).optional(),
};

const KindNode = z.strictObject({
  role: z.enum(["control-plane", "worker"]).optional(),
  image: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  extraMounts: z
    .array(
      z.strictObject({
        hostPath: z.string().optional(),
        containerPath: z.string().optional(),
        readOnly: z.boolean().optional(),
        selinuxRelabel: z.boolean().optional(),
        propagation: z.enum(["None", "HostToContainer", "Bidirectional"]).optional(),
      }),
    )
    .optional(),
  extraPortMappings: z
    .array(
      z.strictObject({
        containerPort: z.int().optional(),
        hostPort: z.int().optional(),
        listenAddress: z.string().optional(),
        protocol: z.enum(["TCP", "UDP", "SCTP"]).optional(),
      }),
    )
    .optional(),
  ...Patches,
});

/** kind's own configuration, v1alpha4 (pkg/apis/config/v1alpha4/types.go of kind 0.33). */
export const KindConfig = z.strictObject({
  kind: z.literal("Cluster"),
  apiVersion: z.literal("kind.x-k8s.io/v1alpha4"),
  name: z.string().optional(),
  nodes: z.array(KindNode).optional(),
  networking: z
    .strictObject({
      ipFamily: z.enum(["ipv4", "ipv6", "dual"]).optional(),
      apiServerPort: z.int().optional(),
      apiServerAddress: z.string().optional(),
      podSubnet: z.string().optional(),
      serviceSubnet: z.string().optional(),
      disableDefaultCNI: z.boolean().optional(),
      kubeProxyMode: z.enum(["iptables", "nftables", "ipvs", "none"]).optional(),
      dnsSearch: z.array(z.string()).optional(),
    })
    .optional(),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  runtimeConfig: z.record(z.string(), z.string()).optional(),
  containerdConfigPatches: z.array(z.string()).optional(),
  containerdConfigPatchesJSON6902: z.array(z.string()).optional(),
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
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}
