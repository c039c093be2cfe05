import {
  byCertificate,
  certificatesIn,
  describeCertificate,
  isSignedBy,
  publicKeyId,
  wrong,
} from "../../../harness/credentials.ts";
import {
  type ControllerManager,
  claim,
  invalid,
  invariant,
  kubernetes,
  observed,
  onEach,
  refused,
  slide,
  unauthorized,
  works,
} from "../../../harness/index.ts";
import { observation } from "../../../harness/probes.ts";
import { approvedRequest, SIGNER_NAME, SigningRequest, signs } from "../signing-request.ts";

claim(
  "csr-signing/approved-is-issued",
  {
    says: "The controller manager signs an approved CSR with its signer's CA; the API server authenticates its holder as the subject",
    documented: slide("Controller manager"),
    touches: "own-objects",
    preconditions: [signs],
  },
  async (lab) => {
    const clusterCa = await lab.credentials.authority("ca");
    return onEach(lab.controllerManagers, async (controllerManager) => {
      const apiServer = lab.apiServerOn(controllerManager.node);
      const signer = (await controllerManager.signingAuthority(SIGNER_NAME)) ?? clusterCa;
      const issuer = describeCertificate(signer.certPem).subject.cn;
      const { request, subject, itsSubject } = await approvedRequest(lab, apiServer);
      const twin = byCertificate(await signer.issue({ ...subject, usages: ["client"] }));
      const rogue = await wrong.rogueCa(twin, signer);
      return {
        works: [
          works("the controller manager signs an approved CSR", () => request.issued(), {
            shows: `a certificate for CN=${subject.cn}, signed by CN=${issuer}`,
            where: (pem) =>
              isSignedBy(pem, signer.certPem) && describeCertificate(pem).subject.cn === subject.cn,
          }),
          works(
            "the holder of that certificate asks who it is",
            async () => apiServer.whoAmI(await request.identity()),
            itsSubject,
          ),
        ],
        refused: [
          refused(
            "the holder of a rogue CA's certificate for the same subject asks who it is",
            () => apiServer.whoAmI(rogue),
            unauthorized(),
          ),
        ],
      };
    });
  },
);

/** The file that an argument of a controller manager names; "" where the argument is empty or absent. */
async function optionalFile(controllerManager: ControllerManager, argument: string): Promise<string> {
  const path = await controllerManager.argument(argument);
  return path ? controllerManager.readFile(path) : "";
}

claim(
  "csr-signing/signing-files",
  {
    says: "The controller manager signs CSRs with the pair of files that its --cluster-signing arguments name, and --client-ca-file trusts that CA",
    documented: kubernetes(
      "TLS bootstrapping, Access to key and certificate",
      "reference/access-authn-authz/kubelet-tls-bootstrapping/#access-to-key-and-certificate",
    ),
    touches: "own-objects",
    preconditions: [signs],
  },
  async (lab) => {
    const frontProxyCa = await lab.credentials.authority("front-proxy-ca");
    return onEach(lab.controllerManagers, async (controllerManager) => {
      const apiServer = lab.apiServerOn(controllerManager.node);
      const { certificate, key } = await controllerManager.signingArguments(SIGNER_NAME);
      const [signingCa, signingKey, trusted] = await Promise.all([
        optionalFile(controllerManager, certificate),
        optionalFile(controllerManager, key),
        apiServer.fileOf("client-ca-file"),
      ]);
      const { request, subject, itsSubject } = await approvedRequest(lab, apiServer);
      const foreign = byCertificate(await frontProxyCa.issue({ ...subject, usages: ["client"] }));
      const trustedCas = certificatesIn(trusted).split(/(?=-----BEGIN)/);
      return {
        works: [
          works("the controller manager signs an approved CSR", () => request.issued(), {
            shows: `a certificate signed by the CA of --${certificate}, one of --client-ca-file`,
            where: (pem) => isSignedBy(pem, signingCa) && trustedCas.some((ca) => isSignedBy(pem, ca)),
          }),
          works(
            "the holder of that certificate asks who it is",
            async () => apiServer.whoAmI(await request.identity()),
            itsSubject,
          ),
        ],
        observed: [
          observed(
            `the key in the file of --${key}`,
            async () => {
              const id = publicKeyId(signingKey);
              return observation(controllerManager.node, `--${key}`, id, `the key ${id}`);
            },
            {
              shows: `the key of the certificate in --${certificate}`,
              where: (id) => id === publicKeyId(signingCa),
            },
          ),
        ],
        refused: [
          refused(
            "the holder of a certificate of the front proxy's CA for the same subject asks who it is",
            () => apiServer.whoAmI(foreign),
            unauthorized(),
          ),
        ],
      };
    });
  },
);

claim(
  "csr-signing/lifetime",
  {
    says: "The controller manager honours a CSR's lifetime of 600 s, the shortest that the API server accepts",
    documented: kubernetes(
      "Certificate Signing Requests, Kubernetes signers",
      "reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers",
    ),
    touches: "own-objects",
    preconditions: [signs],
  },
  async (lab) => {
    const shortest = 600;
    return onEach(lab.controllerManagers, async (controllerManager) => {
      const apiServer = lab.apiServerOn(controllerManager.node);
      const granted = Math.min(shortest, await controllerManager.longestLifetime());
      const { request } = await approvedRequest(lab, apiServer, { expirationSeconds: shortest });
      const tooShort = await SigningRequest.make(lab, apiServer, {
        cn: lab.unique("jean.doe"),
        expirationSeconds: shortest - 1,
      });
      return {
        works: [
          works("the controller manager signs a CSR for 600 s", () => request.issued(), {
            shows: `a certificate of which at most ${granted} s are left, and nearly all of them`,
            where: (pem) => {
              const seconds = (describeCertificate(pem).notAfter.getTime() - Date.now()) / 1000;
              return seconds <= granted && seconds > granted - 60;
            },
          }),
        ],
        refused: [
          invariant(
            refused(
              "the administrator submits a CSR for 599 s",
              () => tooShort.submit(),
              invalid(
                422,
                /spec\.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds/,
              ),
            ),
            "the API validates the minimum of 600 s (pkg/apis/certificates/validation)",
          ),
        ],
      };
    });
  },
);
