import { EnvironmentError, UsageError } from "../errors.ts";

/** A Kubernetes release that can be built from source modules, and the etcd that its kubeadm is made for. */
export interface Release {
  /** `1.37.2`, as in the module's tag without its v. */
  kubernetes: string;
  /** The etcd release: flags differ between minors (3.7 has dropped the `--experimental-*` flags of 1.33's kubeadm). */
  etcd: string;
}

/**
 * The releases whose modules are all published, newest first. Others exist, but a staging module (k8s.io/api and its
 * thirty siblings) of that very version was never tagged: 1.29.3, 1.29.4, 1.29.6, 1.30.14, 1.31.14, 1.32.3, 1.32.13.
 * The etcd of each is `DefaultEtcdVersion` in its cmd/kubeadm/app/constants/constants.go.
 */
export const releases: readonly Release[] = [
  { kubernetes: "1.37.2", etcd: "3.7.0" },
  { kubernetes: "1.36.3", etcd: "3.6.8" },
  { kubernetes: "1.35.4", etcd: "3.6.6" },
  { kubernetes: "1.34.4", etcd: "3.6.5" },
  { kubernetes: "1.33.13", etcd: "3.5.24" },
  { kubernetes: "1.32.2", etcd: "3.5.16" },
  { kubernetes: "1.31.4", etcd: "3.5.15" },
  { kubernetes: "1.30.4", etcd: "3.5.12" },
];

/**
 * What a user means by a version: `1.36` or `v1.36` is the newest release of that minor that can be built, `1.36.3`
 * and `v1.36.3` are themselves.
 * @returns the version as tags write it: `v1.36.3`
 * @throws UsageError where it is no version; EnvironmentError where a minor is asked for that cannot be had
 */
export function resolveVersion(version: string): string {
  const match = /^v?1\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?$/.exec(version.trim());
  if (!match) {
    throw new UsageError("This is no Kubernetes version.", {
      expected: "a minor such as 1.36, or a release such as v1.36.3",
      found: JSON.stringify(version),
    });
  }
  const [, minor, patch] = match;
  if (patch !== undefined) return `v1.${minor}.${patch}`;
  const newest = releases.find(({ kubernetes }) => kubernetes.startsWith(`1.${minor}.`));
  if (!newest) throw notToBeHad(`1.${minor}`);
  return `v${newest.kubernetes}`;
}

/** The release to build for a version such as `v1.36.3`; an EnvironmentError where it cannot be built. */
export function buildableRelease(version: string): Release {
  const release = releases.find(({ kubernetes }) => `v${kubernetes}` === version);
  if (!release) throw notToBeHad(version);
  return release;
}

function notToBeHad(version: string): EnvironmentError {
  return new EnvironmentError(`There is no node image for Kubernetes ${version}.`, {
    expected: `a release that can be built here: ${releases.map(({ kubernetes }) => kubernetes).join(", ")}`,
    found: `${version}: not in the engine, not pulled, and not all of its modules are published`,
    remedy: "ask for one of those, or load an image named kindest/node with that version into the engine",
  });
}
