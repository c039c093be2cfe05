import { X509Certificate } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { beforeAll, expect, describe as group, test } from "vitest";
import { Authority, describeCertificate, type Leaf, rightTwin, wrong } from "./index.ts";
import { canonicalAddress } from "./names.ts";

let signer: Authority;
let sibling: Authority;

beforeAll(async () => {
  signer = await Authority.create({ cn: "etcd-ca", algorithm: "RSA-2048" });
  sibling = await Authority.create({ cn: "kubernetes" });
});

/** Everything that a twin may be wrong in. */
function traits({ certPem }: Leaf): Record<string, unknown> {
  const { subject, sans, usages, issuer, notBefore, notAfter } = describeCertificate(certPem);
  const now = Date.now();
  const validity = now < notBefore.getTime() ? "future" : now > notAfter.getTime() ? "past" : "valid";
  const signedBy = (authority: Authority) =>
    new X509Certificate(certPem).verify(new X509Certificate(authority.certPem).publicKey);
  const key = signedBy(signer) ? "signer" : signedBy(sibling) ? "sibling" : "unknown";
  return { subject, sans, usages, issuer, validity, key };
}

function differences(genuine: Leaf, twin: Leaf): string[] {
  const [own, other] = [traits(genuine), traits(twin)];
  return Object.keys(own).filter((trait) => JSON.stringify(own[trait]) !== JSON.stringify(other[trait]));
}

// Shrunk cases want odd letters first: what x509 takes for syntax in a name, and what is no ASCII.
const name = fc.oneof(
  fc.constantFrom('"quoted"', "#hash", "a\\b", "x+y=z, w", "Grüße", "组织", "system:masters"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
);
const names = fc.record({
  cn: name,
  organizations: fc.uniqueArray(name, { maxLength: 3 }),
  sans: fc.record({
    dns: fc.uniqueArray(fc.domain(), { maxLength: 3 }),
    ip: fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 }),
  }),
});

/** As OpenSSL writes an address: IPv6 in eight groups, in capitals. */
function addressInWords(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = (text = "") => text.split(":").filter(Boolean);
  const missing = 8 - groups(head).length - groups(tail).length;
  const full = [
    ...groups(head),
    ...Array<string>(tail === undefined ? 0 : missing).fill("0"),
    ...groups(tail),
  ];
  return `IP Address:${address.includes(":") ? full.join(":").toUpperCase() : address}`;
}

test("each twin differs from the genuine certificate in its one way, whatever the names", async () => {
  await fc.assert(
    fc.asyncProperty(names, fc.constantFrom("client", "server"), async (about, usage) => {
      const leaf = await signer.issue({ ...about, usages: [usage] });
      const genuine = leaf.certPem;
      expect(describeCertificate(genuine).subject).toEqual({
        cn: about.cn,
        organizations: about.organizations,
      });
      const ip = about.sans.ip.map(canonicalAddress);
      expect(describeCertificate(genuine).sans).toEqual({ dns: about.sans.dns, ip });
      const inWords = [...about.sans.dns.map((name) => `DNS:${name}`), ...ip.map(addressInWords)];
      expect(new X509Certificate(genuine).subjectAltName ?? "").toBe(inWords.join(", "));
      expect(differences(leaf, await rightTwin(genuine, signer))).toEqual([]);
      expect(differences(leaf, await wrong.otherCa(genuine, sibling))).toEqual(["issuer", "key"]);
      expect(differences(leaf, await wrong.expired(genuine, signer))).toEqual(["validity"]);
      expect(differences(leaf, await wrong.notYetValid(genuine, signer))).toEqual(["validity"]);
      expect(differences(leaf, await wrong.usage(genuine, signer))).toEqual(["usages"]);
      const cn = `not ${about.cn}`;
      expect(differences(leaf, await wrong.subject(genuine, signer, { cn }))).toEqual(["subject"]);
      const dns = ["somebody.else"];
      expect(differences(leaf, await wrong.sans(genuine, signer, { dns }))).toEqual(["sans"]);
    }),
    { numRuns: 12 },
  );
});

test("a lookalike authority has the name and the key algorithm, not the key", async () => {
  const leaf = await signer.issue({ cn: "client", usages: ["client"] });
  const twin = await wrong.rogueCa(leaf.certPem, signer);
  expect(differences(leaf, twin)).toEqual(["key"]);
  expect(describeCertificate(twin.ca)).toMatchObject({
    subject: describeCertificate(signer.certPem).subject,
    algorithm: "RSA-2048",
    isCa: true,
  });
  expect(new X509Certificate(twin.certPem).verify(new X509Certificate(twin.ca).publicKey)).toBe(true);
});

group("a twin that would prove nothing is refused", () => {
  let genuine: string;
  beforeAll(async () => {
    const about = { cn: "client", sans: { ip: ["::1"] } };
    genuine = (await signer.issue({ ...about, usages: ["client"] })).certPem;
  });

  test.each([
    ["of two wrongs", () => wrong.expired(genuine, sibling)],
    ["by the genuine authority as sibling", () => wrong.otherCa(genuine, signer)],
    ["for the same usage", () => wrong.usage(genuine, signer, "client")],
    ["of the same subject", () => wrong.subject(genuine, signer, { cn: "client" })],
    ["for the same address, spelt otherwise", () => wrong.sans(genuine, signer, { ip: ["0:0:0:0:0:0:0:1"] })],
  ])("%s", async (_why, make) => {
    await expect(make()).rejects.toThrow(/twin must be signed|would not be wrong/);
  });
});

test("a key shows neither in JSON nor in inspection", async () => {
  const leaf = await signer.issue({ cn: "client", usages: ["client"] });
  expect(leaf.keyPem).toContain("PRIVATE KEY");
  for (const holder of [leaf, signer, { nested: [leaf] }]) {
    const shown = JSON.stringify(holder) + inspect(holder, { depth: 9, showHidden: true });
    expect(shown).not.toContain("PRIVATE KEY");
  }
});
