import { expect, test } from "vitest";
import { rejectionIn } from "./etcd-log.ts";

const line = (port: number, error: string, msg = "rejected connection on client endpoint") =>
  `2026-11-25T09:00:00Z stderr F ${JSON.stringify({ level: "warn", msg, "remote-addr": `172.18.0.1:${port}`, error })}`;

test("only the line about the dial's own connection gives a reason", () => {
  const log = [
    line(40_001, "tls: bad record"),
    line(40_002, "x509: not valid"),
    "2026 stderr F no JSON",
  ].join("\n");
  expect(rejectionIn(log, [40_002])).toBe("x509: not valid");
  expect(rejectionIn(log, [40_001, 40_003])).toBe("tls: bad record");
  expect(rejectionIn(log, [1])).toBeUndefined();
  expect(rejectionIn(log, [2])).toBeUndefined(); // :40002 ends with 2, and is another port
});

test("a connection that just ended, or another message, is not a refusal", () => {
  expect(rejectionIn(line(40_001, "EOF"), [40_001])).toBeUndefined();
  expect(rejectionIn(line(40_001, "tls: x", "serving client traffic"), [40_001])).toBeUndefined();
});

test("a source port that is used again: the last line is the one", () => {
  const log = [line(40_001, "tls: earlier"), line(40_001, "tls: later")].join("\n");
  expect(rejectionIn(log, [40_001])).toBe("tls: later");
});
