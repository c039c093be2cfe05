import { EnvironmentError, UsageError } from "../support/errors.ts";

/** A Kubernetes release that can be built from source modules, and the etcd that its kubeadm is made for. */
export interface Release {
  /** `v1.37.2` */
  kubernetes: string;
  /** The etcd release. Flags differ between minors: 3.7 has dropped the `--experimental-*` that 1.33's kubeadm sets. */
  etcd: string;
}

/**
 * The releases whose modules are all published, newest first. Of others a staging module (k8s.io/api and its thirty
 * siblings) of that very version was never tagged: 1.29.3, 1.29.4, 1.29.6, 1.30.14, 1.31.14, 1.32.3, 1.32.13.
 * The etcd is `DefaultEtcdVersion` in the release's cmd/kubeadm/app/constants/constants.go.
 */
export const releases: readonly Release[] = [
  { kubernetes: "v1.37.2", etcd: "v3.7.0" },
  { kubernetes: "v1.36.3", etcd: "v3.6.8" },
  { kubernetes: "v1.35.4", etcd: "v3.6.6" },
  { kubernetes: "v1.34.4", etcd: "v3.6.5" },
  { kubernetes: "v1.33.13", etcd: "v3.5.24" },
  { kubernetes: "v1.32.2", etcd: "v3.5.16" },
  { kubernetes: "v1.31.4", etcd: "v3.5.15" },
  { kubernetes: "v1.30.4", etcd: "v3.5.12" },
];

/**
 * The node images that were published for kind 0.33, by digest: their tags may be moved to images for a later kind
 * (https://github.com/kubernetes-sigs/kind/releases/tag/v0.33.0).
 */
const published: Readonly<Record<string, string>> = {
  "v1.37.0": "sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5",
  "v1.36.4": "sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed",
  "v1.35.8": "sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0",
  "v1.34.11": "sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d",
};

/**
 * What a user means by a version: `1.36` or `v1.36` is the newest release of that minor that can be built, `1.36.3`
 * and `v1.36.3` are themselves.
 * @returns the version as tags write it: `v1.36.3`
 * @throws UsageError where it is no version; EnvironmentError for a minor of which there is nothing to build
 */
export function resolveVersion(version: string): string {
  const { minor, patch } = parse(version);
  if (patch !== undefined) return `v1.${minor}.${patch}`;
  const newest = releases.find(({ kubernetes }) => kubernetes.startsWith(`v1.${minor}.`));
  if (!newest) throw notToBeHad(`1.${minor}`);
  return newest.kubernetes;
}

/** The name under which kind publishes a version, in full: podman need not know where a short one comes from. */
export function kindReference(kubernetes: string): string {
  return `docker.io/kindest/node:${kubernetes}`;
}

/** The same with its digest, where that is known. */
export function publishedReference(kubernetes: string): string {
  const digest = published[kubernetes];
  return digest ? `${kindReference(kubernetes)}@${digest}` : kindReference(kubernetes);
}

/** The versions that answer what a user asked for, best first: a minor may also be had as kind has published it. */
export function acceptableVersions(version: string): string[] {
  const { minor, patch } = parse(version);
  const resolved = resolveVersion(version);
  if (patch !== undefined) return [resolved];
  return [resolved, ...Object.keys(published).filter((kubernetes) => kubernetes.startsWith(`v1.${minor}.`))];
}

/** The release to build for a version such as `v1.36.3`; an EnvironmentError where it cannot be built. */
export function buildableRelease(kubernetes: string): Release {
  const release = releases.find((known) => known.kubernetes === kubernetes);
  if (!release) throw notToBeHad(kubernetes);
  return release;
}

function parse(version: string): { minor: string; patch: string | undefined } {
  const [, minor, patch] = /^v?1\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?$/.exec(version) ?? [];
  if (minor !== undefined) return { minor, patch };
  throw new UsageError("This is not a Kubernetes version.", {
    expected: "a minor such as 1.36, or a release such as v1.36.3",
    found: JSON.stringify(version),
  });
}

function notToBeHad(version: string): EnvironmentError {
  return new EnvironmentError(`There is no node image for Kubernetes ${version}.`, {
    expected: `a release that can be built: ${releases.map(({ kubernetes }) => kubernetes).join(", ")}`,
    found: `${version}: not in the engine, not pulled, and no such build is known`,
    remedy: "ask for one of those, or load an image named kindest/node with that tag into the engine",
  });
}
