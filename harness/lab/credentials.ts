import type { Cluster } from "../cluster/cluster.ts";
import { byCertificate, CertificateIdentity, fromKubeconfig, type Identity } from "../identity/index.ts";
import { readFile } from "../node/files.ts";
import type { Node } from "../node/node.ts";
import { Authority } from "../pki/index.ts";
import { EnvironmentError } from "../support/errors.ts";
import { Memo } from "../support/memo.ts";

/** The genuine credentials of a kubeadm cluster, read from its nodes; each is read once. */
export class Credentials {
  readonly #cluster: Cluster;
  readonly #memo = new Memo();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** A kubeconfig of kubeadm's, as its owner uses it: `kubeconfig("scheduler.conf")`. */
  kubeconfig(file: string, node: Node = this.#cluster.controlPlane): Promise<CertificateIdentity> {
    return this.#memo.get(`${node.name} ${file}`, async () => {
      const text = await readFile(node, `/etc/kubernetes/${file}`);
      const { identity } = await fromKubeconfig(text, (path) => readFile(node, path));
      return holderOfCertificate(identity, `${file} on ${node.name}`);
    });
  }

  /** A certificate of kubeadm's PKI with its key: `certificate("apiserver-etcd-client")`, `certificate("etcd/peer")`. */
  certificate(name: string, node: Node = this.#cluster.controlPlane): Promise<CertificateIdentity> {
    return this.#memo.get(`${node.name} ${name}`, async () => byCertificate(await this.#pair(name, node)));
  }

  /** A CA of kubeadm's, with which wrong certificates can be made: `ca`, `etcd/ca`, `front-proxy-ca`. */
  authority(name: "ca" | "etcd/ca" | "front-proxy-ca"): Promise<Authority> {
    return this.#memo.get(`authority ${name}`, async () => {
      const { certPem, keyPem } = await this.#pair(name, this.#cluster.controlPlane);
      return Authority.load(certPem, keyPem);
    });
  }

  /** A public file of the PKI directory, as PEM: `pem("etcd/ca.crt")`, `pem("sa.pub")`. */
  pem(file: string, node: Node = this.#cluster.controlPlane): Promise<string> {
    return this.#memo.get(`${node.name} ${file}`, () => readFile(node, this.#cluster.pki(file)));
  }

  async #pair(name: string, node: Node): Promise<{ certPem: string; keyPem: string }> {
    const [certPem, keyPem] = await Promise.all([
      readFile(node, this.#cluster.pki(`${name}.crt`)),
      readFile(node, this.#cluster.pki(`${name}.key`)),
    ]);
    return { certPem, keyPem };
  }
}

/** An identity that must be a certificate's holder; an EnvironmentError that names where it comes from otherwise. */
export function holderOfCertificate(identity: Identity, source: string): CertificateIdentity {
  if (identity instanceof CertificateIdentity) return identity;
  throw new EnvironmentError(`A kubeconfig holds no client certificate: ${source}.`, {
    expected: "client-certificate(-data) and client-key(-data) of the user in its current context",
    found: identity.label,
  });
}
