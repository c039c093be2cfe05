import { expect, test } from "vitest";
import { nextStep, type Situation } from "./next-step.ts";

const debian = { id: "debian", like: [], name: "Debian GNU/Linux 12" };
const bare: Situation = {
  machine: { os: debian, root: true, init: "sh" },
  mayInstall: true,
  dockerHost: undefined,
  podmanOnly: false,
  socket: "absent",
  installed: { dockerd: false, docker: true },
  running: [],
};
const installed: Situation = { ...bare, installed: { dockerd: true, docker: true } };
const user: Situation["machine"] = { ...bare.machine, root: false };

test("a bare machine: install, then start it ourselves", () => {
  expect(nextStep(bare)).toMatchObject({ do: "install", package: "docker.io" });
  expect(nextStep(installed)).toMatchObject({ do: "start", by: "planeproof" });
});

test("where systemd runs, systemd starts it", () => {
  const machine = { ...bare.machine, init: "systemd" };
  expect(nextStep({ ...installed, machine })).toMatchObject({ do: "start", by: "systemd" });
});

test("a daemon that is starting is waited for, not doubled", () => {
  expect(nextStep({ ...installed, socket: "silent", running: [42] })).toEqual({ do: "wait", pid: 42 });
});

test("a socket that somebody left behind does not matter", () => {
  expect(nextStep({ ...installed, socket: "silent" })).toMatchObject({ do: "start", by: "planeproof" });
});

test("a daemon without its command line gets only that", () => {
  expect(nextStep({ ...bare, installed: { dockerd: true, docker: false } })).toMatchObject({
    do: "install",
    package: "docker-cli",
  });
});

test("Ubuntu and what is built on it use apt", () => {
  const machine = { ...bare.machine, os: { id: "linuxmint", like: ["ubuntu"], name: "Linux Mint" } };
  expect(nextStep({ ...bare, machine })).toMatchObject({ do: "install" });
});

test("PLANEPROOF_NO_INSTALL=1 names what is missing and the command, and still starts what is installed", () => {
  expect(() => nextStep({ ...bare, mayInstall: false })).toThrow(
    /Docker is not installed.*NO_INSTALL.*apt-get install/s,
  );
  expect(nextStep({ ...installed, mayInstall: false })).toMatchObject({ do: "start" });
});

test("a user who is not root is told the command", () => {
  expect(() => nextStep({ ...bare, machine: user })).toThrow(/not root.*sudo apt-get install/s);
  expect(() => nextStep({ ...installed, machine: user })).toThrow(/sudo npm run setup/);
  expect(() => nextStep({ ...installed, machine: { ...user, init: "systemd" } })).toThrow(
    /sudo systemctl start docker/,
  );
});

test.each([
  ["fedora", "dnf install"],
  ["arch", "pacman -S"],
  ["alpine", "apk add"],
  ["darwin", "docs.docker.com"],
])("on %s the command is %s", (id, command) => {
  const machine = { ...bare.machine, os: { id, like: [], name: id } };
  expect(() => nextStep({ ...bare, machine })).toThrow(command);
});

test("an engine that the user means and that does not answer is never replaced", () => {
  expect(() => nextStep({ ...bare, dockerHost: "tcp://build:2375" })).toThrow(
    /tcp:\/\/build:2375 does not answer/,
  );
  expect(() => nextStep({ ...bare, podmanOnly: true })).toThrow(/podman/);
  expect(() => nextStep({ ...installed, socket: "denied" })).toThrow(/usermod -aG docker/);
});
