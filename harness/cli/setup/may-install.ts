import { type Machine, readMachine } from "../../engine/machine.ts";

/** Why set-up may not install a package on this machine, with this environment; undefined where it may. */
export function whyNotInstallHere(): string | undefined {
  return whyNotInstall(readMachine(), mayInstall());
}

/** False with PLANEPROOF_NO_INSTALL=1. */
export function mayInstall(): boolean {
  return process.env.PLANEPROOF_NO_INSTALL !== "1";
}

/** Why set-up may not install a package on a machine; undefined where it may. */
export function whyNotInstall(
  { root, os }: Pick<Machine, "os" | "root">,
  allowed: boolean,
): string | undefined {
  if (!allowed) return "PLANEPROOF_NO_INSTALL=1";
  if (!isDebian(os)) return `${os.name} is neither Debian nor Ubuntu`;
  if (!root) return "not root";
  return undefined;
}

/** Debian, Ubuntu and what is built on them: apt and Debian's package names. */
export function isDebian({ id, like }: Machine["os"]): boolean {
  return [id, ...like].some((name) => name === "debian" || name === "ubuntu");
}
