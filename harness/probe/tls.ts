import { once } from "node:events";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Identity } from "../identity/index.ts";
import { alertName } from "../results/vocabulary.ts";
import type { Outcome } from "./outcome.ts";
import { CONNECT_TIMEOUT_MS, TcpError, type Vantage } from "./vantage.ts";

/** Where to dial, and how to speak TLS there. */
export interface Target {
  host: string;
  port: number;
  /** The CA by which we judge the server's certificate; none: any certificate will do, since the claim is about us. */
  trust?: string;
  /** The name that the server's certificate must bear; the host unless given. */
  serverName?: string;
  /** Limits on the handshake, for claims about protocol versions and ciphers. */
  limits?: Pick<ConnectionOptions, "minVersion" | "maxVersion" | "ciphers">;
}

/**
 * Opens a TLS connection with a credential's certificate, for the protocol that is spoken over it (ALPN). What goes wrong is
 * thrown; `outcomeOf` makes it an outcome.
 */
export async function openTls(
  vantage: Vantage,
  target: Target,
  as: Identity,
  protocol: "http/1.1" | "h2" = "http/1.1",
): Promise<TLSSocket> {
  const socket = await vantage.connect(target.host, target.port);
  const name = target.serverName ?? target.host;
  const secure = connect({
    socket,
    ALPNProtocols: [protocol],
    rejectUnauthorized: target.trust !== undefined,
    allowPartialTrustChain: true, // Go takes an intermediate CA for an anchor, too: a cluster's CA may be below a root
    ...(target.trust === undefined ? {} : { ca: target.trust }),
    ...(isAddress(name) ? {} : { servername: name }),
    host: name,
    ...(as.certificate ? { cert: as.certificate.certPem, key: as.certificate.keyPem } : {}),
    ...target.limits,
  });
  const timeout = setTimeout(
    () => secure.destroy(new Error("no answer to the TLS handshake")),
    CONNECT_TIMEOUT_MS,
  );
  try {
    await once(secure, "secureConnect");
    return secure;
  } finally {
    clearTimeout(timeout);
  }
}

/** `172.18.0.2:2379`, `[fc00::2]:2379` */
export function address({ host, port }: Pick<Target, "host" | "port">): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * What an error of a connection means. An alert is the server's refusal, whatever the moment: under TLS 1.3 it comes with
 * the first read, after `secureConnect`. Only its number is read, since the codes' names differ between Node releases.
 */
export function outcomeOf(error: unknown): Outcome<never> {
  if (error instanceof TcpError) {
    return error.refused
      ? { kind: "refused", layer: "tcp", reason: error.message }
      : { kind: "failed", reason: error.message };
  }
  const { message = String(error), code } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const alert = /alert number (\d+)/.exec(message)?.[1];
  if (alert !== undefined) {
    const reason = alertName(Number(alert)) ?? `alert ${alert}`;
    return { kind: "refused", layer: "tls", alert: Number(alert), reason };
  }
  if (code && WE_REFUSED.test(code)) {
    return {
      kind: "refused",
      layer: "tls",
      reason: `the client refuses the server's certificate: ${message}`,
    };
  }
  if (/wrong version number|packet length too long|unsupported protocol/i.test(message)) {
    return { kind: "refused", layer: "tls", reason: "the other side does not speak TLS as we do" };
  }
  return { kind: "failed", reason: code ? `${message} (${code})` : message };
}

// Node's names for a verification that failed on our side (https://nodejs.org/api/tls.html#x509-certificate-error-codes).
const WE_REFUSED =
  /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_|ERR_TLS_CERT_ALTNAME_INVALID|INVALID_CA|INVALID_PURPOSE)/;

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(":");
}
