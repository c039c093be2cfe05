import { isIPv6 } from "node:net";
import { type JsonGeneralName, Name } from "@peculiar/x509";

/** The organizations and the common name, in the order in which Go writes them (crypto/x509/pkix, ToRDNSequence). */
export function distinguishedName(cn: string, organizations: string[]): Name {
  return new Name([...organizations.map((name) => ({ O: [literally(name)] })), { CN: [literally(cn)] }]);
}

export function alternativeNames({
  dns = [],
  ip = [],
}: {
  dns?: string[];
  ip?: string[];
}): JsonGeneralName[] {
  return [
    ...dns.map((value) => ({ type: "dns" as const, value })),
    ...ip.map((value) => ({ type: "ip" as const, value: canonicalAddress(value) })),
  ];
}

/** One spelling for each address (RFC 5952, all groups in hex): x509 reads no dotted quad at the end of an IPv6 address. */
export function canonicalAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** As an attribute object, since x509 takes the quotes and backslashes of a mere string, and a `#` at its start, for syntax. */
function literally(text: string): { printableString: string } | { utf8String: string } {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? { printableString: text } : { utf8String: text };
}
