import type { Machine } from "../../engine/machine.ts";
import { EnvironmentError } from "../../support/errors.ts";
import { isDebian, whyNotInstall } from "./may-install.ts";

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
  | { do: "install"; package: string; why: string }
  | { do: "start"; by: "systemd" | "planeproof"; why: string };

/** The next step towards an engine that answers; an EnvironmentError that names what is missing where we may not take it. */
export function nextStep(situation: Situation): Step {
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
  if (!installed.dockerd) return install("docker.io", "Docker is not installed", situation);
  // Debian 12 has both in one package, Debian 13 does not.
  if (!installed.docker) return install("docker-cli", "Docker's command line is not installed", situation);
  const [pid] = running;
  return pid === undefined ? start(machine) : { do: "wait", pid };
}

function install(name: string, lack: string, { machine, mayInstall }: Situation): Step {
  const refusal = whyNotInstall(machine, mayInstall);
  if (refusal)
    throw lacks(`${lack}, and set-up may not install it: ${refusal}`, installCommand(name, machine.os));
  return { do: "install", package: name, why: lack };
}

function start({ root, init }: Situation["machine"]): Step {
  const lack = "Docker is installed and does not run";
  if (init === "systemd") {
    if (!root) throw lacks(lack, "sudo systemctl start docker");
    return { do: "start", by: "systemd", why: lack };
  }
  if (!root) throw lacks(lack, "start it as root: sudo npm run setup");
  return { do: "start", by: "planeproof", why: `${lack}, and there is no init system to start it` };
}

/** The command that gets a Docker engine, or the Debian package named, on this system. */
function installCommand(name: string, os: Machine["os"]): string {
  if (isDebian(os)) return `sudo apt-get install --no-install-recommends ${name}`;
  const family = [os.id, ...os.like];
  if (family.includes("fedora")) return "sudo dnf install moby-engine && sudo systemctl start docker";
  if (family.includes("arch")) return "sudo pacman -S docker && sudo systemctl start docker";
  if (family.includes("alpine")) return "apk add docker && rc-service docker start";
  return "see https://docs.docker.com/engine/install/";
}

function lacks(found: string, remedy: string): EnvironmentError {
  return new EnvironmentError("No container engine answers.", { found, remedy });
}
