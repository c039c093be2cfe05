import type { Machine } from "../../harness/engine/machine.ts";
import { EnvironmentError } from "../../harness/errors.ts";

/** What set-up sees on a machine where no container engine answers. */
export interface Situation {
  machine: Pick<Machine, "os" | "root" | "init">;
  /** False with PLANEPROOF_NO_INSTALL=1. */
  mayInstall: boolean;
  /** DOCKER_HOST: the engine that the user means is elsewhere. */
  dockerHost: string | undefined;
  /** The user told kind to use podman. */
  podmanOnly: boolean;
  /** Docker's socket: not there, not for this user, or there and without an answer. */
  socket: "absent" | "denied" | "silent";
  installed: { dockerd: boolean; docker: boolean };
  /** The process ids of Docker daemons that run. */
  running: number[];
}

export type Step =
  | { do: "wait"; pid: number }
  | { do: "install"; packages: string[]; why: string }
  | { do: "start"; by: "systemd" | "planeproof"; why: string };

/** The steps that lead to an engine that answers; an EnvironmentError that names what lacks where we may not take them. */
export function plan(situation: Situation): Step[] {
  const { machine, dockerHost, podmanOnly, socket, installed, running } = situation;
  if (dockerHost)
    throw lacks(`the engine at DOCKER_HOST=${dockerHost} does not answer`, "start it, or unset DOCKER_HOST");
  if (podmanOnly) {
    const remedy = "install and start podman, or unset KIND_EXPERIMENTAL_PROVIDER";
    throw lacks("KIND_EXPERIMENTAL_PROVIDER=podman, and podman does not answer", remedy);
  }
  if (socket === "denied") {
    const remedy = 'sudo usermod -aG docker "$USER", then log in again (or run this as root)';
    throw lacks("Docker's socket is there, and this user may not use it", remedy);
  }
  const [pid] = running;
  if (pid !== undefined) return [{ do: "wait", pid }];
  return [...installation(situation), ...start(machine, installed.dockerd)];
}

function installation({ machine, mayInstall, installed }: Situation): Step[] {
  const packages = [...(installed.dockerd ? [] : ["docker.io"]), ...(installed.docker ? [] : ["docker-cli"])];
  if (packages.length === 0) return [];
  const what = installed.dockerd ? "Docker's command line is not installed" : "Docker is not installed";
  const refusal = whyNotInstall(machine, mayInstall);
  if (refusal) throw lacks(`${what}, and set-up may not install it: ${refusal}`, dockerCommand(machine.os));
  return [{ do: "install", packages, why: `no container engine answers, and ${what}` }];
}

function start({ root, init }: Situation["machine"], wasInstalled: boolean): Step[] {
  const why = wasInstalled ? "Docker is installed and does not run" : "it does not run yet";
  if (init === "systemd") {
    if (!root) throw lacks("Docker is installed and does not run", "sudo systemctl start docker");
    return [{ do: "start", by: "systemd", why }];
  }
  if (!root) throw lacks("Docker is installed and does not run", "start it as root: sudo npm run setup");
  return [{ do: "start", by: "planeproof", why: `${why}, and no init system does it` }];
}

function whyNotInstall({ root, os }: Situation["machine"], mayInstall: boolean): string | undefined {
  if (!mayInstall) return "PLANEPROOF_NO_INSTALL=1";
  if (!isDebian(os)) return `${os.name} is neither Debian nor Ubuntu`;
  if (!root) return "not root";
  return undefined;
}

/** Debian, Ubuntu and what is built on them: apt and Debian's package names. */
export function isDebian({ id, like }: Machine["os"]): boolean {
  return [id, ...like].some((name) => name === "debian" || name === "ubuntu");
}

/** The command that gets a Docker engine on this system. */
function dockerCommand(os: Machine["os"]): string {
  if (isDebian(os)) return "sudo apt-get install --no-install-recommends docker.io";
  const family = [os.id, ...os.like];
  if (family.includes("fedora")) return "sudo dnf install moby-engine && sudo systemctl start docker";
  if (family.includes("arch")) return "sudo pacman -S docker && sudo systemctl start docker";
  if (family.includes("alpine")) return "apk add docker && rc-service docker start";
  return "see https://docs.docker.com/engine/install/";
}

function lacks(found: string, remedy: string): EnvironmentError {
  return new EnvironmentError("No container engine answers.", { found, remedy });
}
