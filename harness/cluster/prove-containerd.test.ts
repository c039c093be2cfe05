import { expect, test } from "vitest";
import { settingsIn } from "./prove-containerd.ts";

test("a dump of containerd's configuration is read by table and key", () => {
  const dump = `
version = 4
root = '/var/lib/containerd'

[grpc]
  address = '/run/containerd/containerd.sock'

[plugins]
  [plugins.'io.containerd.cri.v1.images']
    snapshotter = 'overlayfs'

    [plugins.'io.containerd.cri.v1.images'.registry]
      config_path = '/etc/containerd/certs.d'
`;
  expect(Object.fromEntries(settingsIn(dump))).toEqual({
    version: "4",
    root: "'/var/lib/containerd'",
    "grpc.address": "'/run/containerd/containerd.sock'",
    "plugins.'io.containerd.cri.v1.images'.snapshotter": "'overlayfs'",
    "plugins.'io.containerd.cri.v1.images'.registry.config_path": "'/etc/containerd/certs.d'",
  });
});
