import type { EtcdMember } from "../../harness/index.ts";

/** The certificate that a member's own arguments name for its peers. */
export const peerCertificate = (member: EtcdMember) =>
  member.namedCertificate("peer-cert-file", "peer-key-file");

export const members = {
  status: 200,
  shows: "the list of members",
  where: (body: string) => (JSON.parse(body) as unknown[]).length > 0,
};
