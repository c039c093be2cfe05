import { expect, test } from "vitest";
import type { Machine } from "../../engine/machine.ts";
import { engineFindings } from "./engine.ts";
import { renderFindings } from "./finding.ts";
import { goFinding } from "./inspect.ts";
import { machineFindings } from "./machine.ts";

const GIB = 1024 ** 3;
const docker = { command: "docker", version: "20.10.24" } as const;
const ample: Machine = {
  os: { id: "debian", like: [], name: "Debian" },
  root: true,
  init: "systemd",
  cgroup: "v2",
  missingCapabilities: [],
  openFiles: undefined,
  inotifyInstances: 8192,
  cores: 8,
  memory: { total: 16 * GIB, available: 12 * GIB },
};

test("a machine that lacks nothing gets no advice", () => {
  expect(machineFindings(ample).map(({ means }) => means)).toEqual(machineFindings(ample).map(() => ""));
});

test("each lack says what it means", () => {
  const scarce: Machine = {
    ...ample,
    cgroup: "v1",
    missingCapabilities: ["CAP_SYS_RESOURCE"],
    openFiles: 20_000,
    inotifyInstances: 128,
    cores: 1,
    memory: { total: 2 * GIB, available: GIB },
  };
  const silent = machineFindings(scarce).filter(({ means }) => means === "");
  expect(silent.map(({ what }) => what)).toEqual(["system"]);
});

test("who started the engine is told, and a podman that answers is not taken for our dockerd", () => {
  const own = [{ pid: 7, ours: true }];
  expect(engineFindings(docker, own)[0]?.means).toContain("process 7");
  expect(engineFindings(docker, [{ pid: 8, ours: false }])[0]?.means).toContain("not started by planeproof");
  expect(engineFindings({ command: "podman", version: "4.3.1" }, own)[0]?.means).toContain(
    "not started by planeproof",
  );
});

test("a daemon that runs without answering is told from none at all", () => {
  expect(engineFindings(undefined, [{ pid: 8, ours: false }])[0]?.means).toContain("process 8");
  expect(engineFindings(undefined, [])[0]?.means).toContain("npm run setup");
});

test("a full disk means something, a roomy one does not", () => {
  const disk = (freeBytes: number) =>
    engineFindings(docker, [], { path: "/var/lib/docker", freeBytes })[1]?.means;
  expect(disk(2 * GIB)).not.toBe("");
  expect(disk(70 * GIB)).toBe("");
});

test("Go is compared by number", () => {
  expect(goFinding("go1.26.8").means).toBe("");
  expect(goFinding("go1.9").means).not.toBe("");
  expect(goFinding("go2.0").means).toBe("");
  expect(goFinding(undefined)).toMatchObject({ found: "none" });
});

test("the table's columns are aligned", () => {
  const table = renderFindings([
    { what: "cores", found: "2", means: "few" },
    { what: "capabilities", found: "all", means: "" },
  ]);
  expect(table).toBe("cores         2    few\ncapabilities  all");
  expect(renderFindings([])).toBe("");
});
