import { endianness } from "node:os";
import { describe, expect, test } from "vitest";
import { parseEnd, parseListeners } from "./sockets.ts";

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

describe.runIf(endianness() === "LE")("an end of a connection, as the kernel writes it", () => {
  test.each([
    ["020012AC:9C42", "172.18.0.2", 40_002],
    ["0100007F:0050", "127.0.0.1", 80],
    ["000000FD000000000000000002000000:9C42", "fd00::2", 40_002],
    ["B80D01200000000000000000FFFF0120:FFFF", "2001:db8::2001:ffff", 65_535],
    ["0000000000000000FFFF0000020012AC:9C42", "::ffff:172.18.0.2", 40_002],
  ])("%s", (text, address, port) => {
    expect(parseEnd(text)).toEqual({ address, port });
  });

  test.each(["", "020012AC", "020012AC:", "020012:9C42", "020012AC:9C42\n020012AC:9C42"])(
    "not %j",
    (text) => {
      expect(parseEnd(text)).toBeUndefined();
    },
  );
});
