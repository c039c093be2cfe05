import type { Machine } from "../../engine/machine.ts";
import type { Finding } from "./finding.ts";

/** What container engines ask for their containers (containerd's and docker's units: LimitNOFILE). */
const WANTED_OPEN_FILES = 1_048_576;
/** https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
const WANTED_INOTIFY_INSTANCES = 512;
const GIB = 1024 ** 3;

/** What the machine's own state means for clusters on it. */
export function machineFindings(machine: Machine): Finding[] {
  return [
    { what: "system", found: machine.os.name, means: "" },
    cgroup(machine),
    capabilities(machine),
    openFiles(machine),
    inotify(machine),
    memory(machine),
    cores(machine),
  ];
}

function cgroup({ cgroup }: Machine): Finding {
  const means = {
    v1: "kubelet 1.35 and newer start on it only with failCgroupV1: false, which planeproof adds to such a cluster",
    v2: "",
    none: "unknown: this is not Linux, or no memory controller is mounted, and then no container can run",
  };
  return { what: "cgroup", found: cgroup ?? "none", means: means[cgroup ?? "none"] };
}

function capabilities({ missingCapabilities }: Machine): Finding {
  if (missingCapabilities.length === 0) return { what: "capabilities", found: "all", means: "" };
  return {
    what: "capabilities",
    found: `without ${missingCapabilities.join(", ")}`,
    means:
      "nodes are privileged containers, and runc may refuse them (unable to apply caps): the dockerd that `npm start` " +
      "starts runs it behind a wrapper that does not ask for this",
  };
}

function openFiles({ openFiles }: Machine): Finding {
  const few = openFiles !== undefined && openFiles < WANTED_OPEN_FILES;
  return {
    what: "open files",
    found: `at most ${openFiles ?? "unlimited"}`,
    means: few
      ? `engines ask for ${WANTED_OPEN_FILES}: one cluster works with less, several at once may not`
      : "",
  };
}

function inotify({ inotifyInstances }: Machine): Finding {
  const few = inotifyInstances !== undefined && inotifyInstances < WANTED_INOTIFY_INSTANCES;
  return {
    what: "inotify",
    found: `${inotifyInstances ?? "unknown"} instances a user`,
    means: few
      ? `several nodes at once can fail with "too many open files": sysctl fs.inotify.max_user_instances=${WANTED_INOTIFY_INSTANCES}`
      : "",
  };
}

function memory({ memory: { total, available } }: Machine): Finding {
  return {
    what: "memory",
    found: `${gib(available)} of ${gib(total)} available`,
    means:
      available < 2.5 * GIB
        ? "a node takes up to 1 GiB; three control planes and a worker take 2 GiB together"
        : "",
  };
}

function cores({ cores }: Machine): Finding {
  return {
    what: "cores",
    found: String(cores),
    means: cores < 2 ? "kubeadm asks for two: boots will be slow" : "",
  };
}

/** Bytes as `1.5 GiB`. */
export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
