import { expect, test } from "vitest";
import { parseListeners } from "./sockets.ts";

test("reads addresses of every family, wildcards, interfaces and programs", () => {
  const table = `State  Recv-Q Send-Q
LISTEN 0      4096       127.0.0.1:2379       0.0.0.0:*    users:(("etcd",pid=612,fd=7))
LISTEN 0      4096   127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=1,fd=14))
LISTEN 0      4096               *:6443             *:*    users:(("kube-apiserver",pid=5,fd=3),("other",pid=6,fd=3))
LISTEN 0      4096            [::]:10250         [::]:*
LISTEN 0      4096 [::ffff:10.0.0.1]:80             *:*    users:(("a b",pid=7,fd=3))
LISTEN 0      128   [fe80::1]%eth0:546          [::]:*    users:(("dhclient",pid=8,fd=3))
`;
  expect(parseListeners(table).map(({ address, port, command }) => [address, port, command])).toEqual([
    ["127.0.0.1", 2379, "etcd"],
    ["127.0.0.53", 53, "systemd-resolve"],
    ["*", 6443, "kube-apiserver"],
    ["::", 10250, "unknown"],
    ["::ffff:10.0.0.1", 80, "a b"],
    ["fe80::1", 546, "dhclient"],
  ]);
});
