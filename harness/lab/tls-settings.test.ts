import { expect, test } from "vitest";
import { Authority } from "../pki/index.ts";
import { tlsAlert } from "../probe/refusals.ts";
import { refusesNoCertificate, refusesTls12 } from "./tls-settings.ts";

const { certPem: rsa } = await Authority.create({ cn: "rsa", algorithm: "RSA-2048" });
const { certPem: ecdsa } = await Authority.create({ cn: "ecdsa" });

const forEcdsa = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];
const forRsa = ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"];

test.each([
  ["what Go does by default", {}, rsa],
  ["a minimum of 1.2", { minVersion: "VersionTLS12" }, rsa],
  ["ciphers for its key", { cipherSuites: forRsa }, rsa],
  ["ciphers for its key of the other kind", { cipherSuites: forEcdsa }, ecdsa],
  ["ciphers for both kinds", { cipherSuites: [...forEcdsa, ...forRsa] }, ecdsa],
  ["an empty list of ciphers", { cipherSuites: [] }, rsa],
])("TLS 1.2 is served with %s", (_, settings, certificate) => {
  expect(refusesTls12(settings, certificate)).toBeUndefined();
});

test.each(["VersionTLS13", "TLS1.3"])("TLS 1.2 is too old for a minimum of %s", (minVersion) => {
  expect(refusesTls12({ minVersion, cipherSuites: forRsa }, rsa)).toEqual(tlsAlert("protocol_version"));
});

test.each([
  ["ciphers for another kind of key", forEcdsa, rsa],
  ["ciphers of TLS 1.3 only", ["TLS_AES_128_GCM_SHA256"], ecdsa],
])("TLS 1.2 finds no cipher among %s", (_, cipherSuites, certificate) => {
  expect(refusesTls12({ cipherSuites }, certificate)).toEqual(tlsAlert("handshake_failure"));
});

test("a missing certificate has an alert of its own from TLS 1.3 on", () => {
  expect(refusesNoCertificate({})).toEqual(tlsAlert("certificate_required"));
  expect(refusesNoCertificate({ maxVersion: "TLS1.3" })).toEqual(tlsAlert("certificate_required"));
  expect(refusesNoCertificate({ maxVersion: "TLS1.2" })).toEqual(tlsAlert("handshake_failure"));
});
