import { processOn } from "../cluster/endpoints.ts";
import { secondsOf } from "../config/duration.ts";
import type { Node } from "../node/node.ts";
import { flag, type Process } from "../node/processes.ts";
import { Authority } from "../pki/index.ts";
import { Controller } from "./api-client.ts";
import type { Precondition } from "./precondition.ts";
import type { RunScope } from "./run-scope.ts";

const SIGNERS = ["kube-apiserver-client", "kubelet-client", "kubelet-serving", "legacy-unknown"] as const;

/** A signer that the controller manager may be, without its `kubernetes.io/`. */
export type Signer = (typeof SIGNERS)[number];

/** The arguments that name a signer's CA and its key. */
interface SigningArguments {
  certificate: string;
  key: string;
}

/** The controller manager of one control plane. */
export class ControllerManager extends Controller {
  constructor(scope: RunScope, node: Node) {
    super(scope, node, "kube-controller-manager");
  }

  /** The arguments that decide with which pair it signs for a signer. */
  async signingArguments(signer: Signer): Promise<SigningArguments> {
    return argumentsOf(await this.process(), signer);
  }

  /** The CA with which it signs for a signer; undefined where it does not. */
  async signingAuthority(signer: Signer): Promise<Authority | undefined> {
    const { certificate, key } = await this.signingArguments(signer);
    if (!(await this.argument(certificate))) return undefined;
    const [certPem, keyPem] = await Promise.all([this.fileOf(certificate), this.fileOf(key)]);
    return Authority.load(certPem, keyPem);
  }

  /** The seconds for which it signs at most. */
  async longestLifetime(): Promise<number> {
    return secondsOf((await this.argument("cluster-signing-duration")) ?? "8760h");
  }
}

/** The CA with which kubelets' serving certificates are signed; the cluster's where nobody signs them. */
export function kubeletServingCa(scope: RunScope): Promise<Authority> {
  return scope.once("CA of kubelets' serving certificates", async () => {
    const signer = new ControllerManager(scope, scope.cluster.controlPlane);
    return (await signer.signingAuthority("kubelet-serving")) ?? scope.credentials.authority("ca");
  });
}

/**
 * The arguments of one signer where any signer has some of its own, and otherwise those of all signers: a controller manager
 * takes no mixture (cmd/kube-controller-manager/app/options/csrsigningcontroller.go, Validate).
 */
function argumentsOf(process: Process, signer: Signer): SigningArguments {
  const named = (prefix: string) => ({ certificate: `${prefix}-cert-file`, key: `${prefix}-key-file` });
  const own = (one: Signer) => named(`cluster-signing-${one}`);
  const separate = SIGNERS.map(own).some(({ certificate }) => flag(process, certificate));
  return separate ? own(signer) : named("cluster-signing");
}

/** Every controller manager signs for a signer: files may be given to others of them, and not to this one. */
export function signsFor(signer: Signer): Precondition {
  return {
    what: `a controller manager that signs for kubernetes.io/${signer}`,
    met: async ({ controlPlanes }) => {
      const processes = await Promise.all(
        controlPlanes.map((node) => processOn(node, "kube-controller-manager")),
      );
      return processes.every((process) => {
        const { certificate } = argumentsOf(process, signer);
        return certificate === "cluster-signing-cert-file" || Boolean(flag(process, certificate));
      });
    },
  };
}
