import { readFileSync, writeFileSync } from "node:fs";

/**
 * Moves this process out of its cgroup, where that is allowed (to root): systemd ends a scope or a service, and a runner
 * its job, by killing all that is in the cgroup, and a watchdog must outlive its owner. Where it is not allowed, `prune`
 * and the next start clear up.
 */
export function leaveCgroup(): void {
  for (const file of rootsOf(readFileSync("/proc/self/cgroup", "utf8"))) {
    try {
      writeFileSync(file, String(process.pid));
    } catch {
      // not allowed, or not mounted here
    }
  }
}

/** The files that take a process into the root of the hierarchies by which systemd kills. @param text /proc/self/cgroup */
export function rootsOf(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, controllers] = line.split(":");
    if (controllers === "name=systemd") return ["/sys/fs/cgroup/systemd/cgroup.procs"];
    if (controllers === "") return ["/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/unified/cgroup.procs"];
    return [];
  });
}
