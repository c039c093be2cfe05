import { wrong } from "../identity/index.ts";
import type { Controller } from "../lab/api-client.ts";
import type { Lab } from "../lab/lab.ts";
import { describeCertificate } from "../pki/index.ts";
import { observation } from "../probe/observation.ts";
import { unauthorized } from "../probe/refusals.ts";
import { observed, refused, works } from "./control.ts";
import { onEach } from "./on-each.ts";

/**
 * The controls that each live instance of a component is the user whom its certificate names, in no group: the API server
 * beside it knows it by that name, its subject says so, and the same subject of a rogue CA is nobody.
 */
export async function certificateNamesUser(lab: Lab, instances: readonly Controller[], user: string) {
  const clusterCa = await lab.credentials.authority("ca");
  return onEach(instances, async (instance) => {
    const certificate = await instance.certificate();
    const apiServer = lab.apiServerOn(instance.node);
    const rogue = await wrong.rogueCa(certificate, clusterCa);
    const subject = async () => {
      const { cn, organizations } = describeCertificate(certificate.certificate.certPem).subject;
      const words = [`CN=${cn}`, ...organizations.map((group) => `O=${group}`)].join(", ");
      return observation(instance.node, `the certificate of ${instance.command}`, words, words);
    };
    return {
      works: [
        works(`the API server knows the live ${instance.command}`, () => apiServer.whoAmI(certificate), {
          shows: `the user ${user}, in no group but system:authenticated`,
          where: ({ username, groups }) => username === user && groups.join() === "system:authenticated",
        }),
      ],
      observed: [
        observed("the subject of its certificate", subject, {
          shows: `CN=${user}, without an O`,
          where: (words) => words === `CN=${user}`,
        }),
      ],
      refused: [
        refused(
          "a certificate with the same subject, of a rogue CA, calls the API server",
          () => apiServer.whoAmI(rogue),
          unauthorized(),
        ),
      ],
    };
  });
}
