/** The Kubernetes minor of a run that names none: of a minor, whichever release is there or published will do. */
export const DEFAULT_KUBERNETES = "1.37";

/** A Kubernetes version, in full: `v1.37.2`. */
export class KubernetesVersion {
  readonly text: string;
  readonly minor: number;
  readonly patch: number;

  /** @param text `v1.37.2` or `1.37.2`, with or without a pre-release behind it; anything else throws. */
  constructor(text: string) {
    const match = /^v?1\.(\d+)\.(\d+)/.exec(text);
    if (!match) throw new Error(`"${text}" is not a Kubernetes version such as v1.37.2`);
    this.text = text.startsWith("v") ? text : `v${text}`;
    this.minor = Number(match[1]);
    this.patch = Number(match[2]);
  }

  /** Whether this version is `bound` or later: `atLeast("1.29")`, `atLeast("1.33.12")`. */
  atLeast(bound: string): boolean {
    const [, minor = "0", patch = "0"] = bound.replace(/^v/, "").split(".");
    return this.minor !== Number(minor) ? this.minor > Number(minor) : this.patch >= Number(patch);
  }

  /**
   * Whether a change that was brought to several minors at once is in this version: the first release of each minor
   * that has it, and every minor after the last one named. `since(["1.33.12", "1.34.8"])`.
   */
  since(releases: readonly string[]): boolean {
    const own = releases.find((release) => Number(release.split(".")[1]) === this.minor);
    if (own) return this.atLeast(own);
    const newest = Math.max(...releases.map((release) => Number(release.split(".")[1])));
    return this.minor > newest;
  }

  /** Whether it lies in a range of comparisons that must all hold: `>=1.29`, `>=1.30 <1.32`. */
  inRange(range: string): boolean {
    return range
      .trim()
      .split(/\s+/)
      .every((comparison) => {
        const match = /^(>=|<)v?(1\.\d+(?:\.\d+)?)$/.exec(comparison);
        if (!match) throw new Error(`"${comparison}" is not a comparison such as >=1.29 or <1.32`);
        return this.atLeast(match[2] ?? "") === (match[1] === ">=");
      });
  }
}

/** The kubeadm configuration API that kind 0.33 writes for a version (its templates change at 1.36). */
export function kubeadmApi(version: KubernetesVersion): "kubeadm.k8s.io/v1beta3" | "kubeadm.k8s.io/v1beta4" {
  return version.atLeast("1.36") ? "kubeadm.k8s.io/v1beta4" : "kubeadm.k8s.io/v1beta3";
}
