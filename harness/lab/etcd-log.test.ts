import { expect, test } from "vitest";
import { rejectionIn } from "./etcd-log.ts";

const AT = "2026-11-25T09:00:00.123456789Z";
const SINCE = Date.parse("2026-11-25T08:59:55Z");

const line = (
  from: string,
  error: string,
  { msg = "rejected connection on client endpoint", at = AT } = {},
) =>
  `${at} stderr F ${JSON.stringify({ level: "warn", msg, "remote-addr": from, "server-name": "", error })}`;

test("only the line about the dial's own connection gives a reason", () => {
  const log = [
    line("172.18.0.2:40001", "tls: bad record"),
    line("172.18.0.2:40002", "x509: not valid"),
    line("[fd00::2]:40003", "tls: of IPv6"),
    `${AT} stderr F rejected connection, no JSON`,
  ].join("\n");
  expect(rejectionIn(log, ["172.18.0.2:40002"], SINCE)).toBe("x509: not valid");
  expect(rejectionIn(log, ["172.18.0.2:40001", "172.18.0.2:40009"], SINCE)).toBe("tls: bad record");
  expect(rejectionIn(log, ["[fd00::2]:40003"], SINCE)).toBe("tls: of IPv6");
});

// A port's number is unique neither among the machines that dial nor in the course of time.
test.each([
  ["the same port of another machine", "172.18.0.3:40002", AT],
  ["an address that begins alike", "172.18.0.22:40002", AT],
  ["a port that begins alike", "172.18.0.2:4000", AT],
  ["a port that ends alike", "172.18.0.2:2", AT],
  ["the same port, long before", "172.18.0.2:40002", "2026-11-25T08:59:54.999Z"],
])("%s is another connection", (_what, from, at) => {
  const other = line(from, "tls: of another connection", { at });
  expect(rejectionIn(other, ["172.18.0.2:40002"], SINCE)).toBeUndefined();
  const own = line("172.18.0.2:40002", "tls: its own");
  expect(rejectionIn([own, other].join("\n"), ["172.18.0.2:40002"], SINCE)).toBe("tls: its own");
});

test("a connection that just ended, or another message, is not a refusal", () => {
  const end = "172.18.0.2:40001";
  expect(rejectionIn(line(end, "EOF"), [end], SINCE)).toBeUndefined();
  expect(rejectionIn(line(end, "tls: x", { msg: "serving client traffic" }), [end], SINCE)).toBeUndefined();
});

test("etcd's other log format", () => {
  const log = `${AT} stderr F 2026-11-25T09:00:00.123Z\tWARN\tembed/config_logging.go:194\trejected connection on peer endpoint\t{"remote-addr": "172.18.0.2:40001", "server-name": "", "error": "tls: of the console"}`;
  expect(rejectionIn(log, ["172.18.0.2:40001"], SINCE)).toBe("tls: of the console");
});
