import type { Identity } from "../identity/index.ts";
import { readPlain } from "./answers.ts";
import { type HttpAnswer, https } from "./http.ts";
import type { Exchange, Outcome } from "./outcome.ts";
import type { Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

/** A member of etcd as the JSON gateway lists it. */
interface EtcdMember {
  name: string;
  peerURLs: string[];
  clientURLs: string[];
}

/** Counts the keys under a prefix, over etcd's JSON gateway (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/). */
export function etcdCount(
  vantage: Vantage,
  target: Target,
  as: Identity,
  prefix: string,
): Promise<Exchange<number>> {
  const body = { key: base64(prefix), range_end: base64(after(prefix)), count_only: true };
  return https(vantage, target, as, { path: "/v3/kv/range", body }, (answer) =>
    reading(answer, ({ count }: { count?: string }) => ({
      data: Number(count ?? 0),
      summary: `${count ?? 0} keys`,
    })),
  );
}

/** Reads one key's raw value, as a Buffer in the outcome's data; null where the key is not there. */
export function etcdValue(
  vantage: Vantage,
  target: Target,
  as: Identity,
  key: string,
): Promise<Exchange<Buffer | null>> {
  return https(vantage, target, as, { path: "/v3/kv/range", body: { key: base64(key) } }, (answer) =>
    reading(answer, ({ kvs }: { kvs?: { value: string }[] }) => {
      const value = kvs?.[0] ? Buffer.from(kvs[0].value, "base64") : null;
      return { data: value, summary: value ? `${value.length} bytes` : "no such key" };
    }),
  );
}

/** Writes a key. Only for keys of our own making: the API server's live under /registry. */
export function etcdPut(
  vantage: Vantage,
  target: Target,
  as: Identity,
  key: string,
  value: string,
): Promise<Exchange<boolean>> {
  const body = { key: base64(key), value: base64(value) };
  return https(vantage, target, as, { path: "/v3/kv/put", body }, (answer) =>
    reading(answer, () => ({ data: true, summary: "written" })),
  );
}

/** The members of the etcd cluster. */
export function etcdMembers(vantage: Vantage, target: Target, as: Identity): Promise<Exchange<EtcdMember[]>> {
  return https(vantage, target, as, { path: "/v3/cluster/member/list", body: {} }, (answer) =>
    reading(answer, ({ members }: { members?: EtcdMember[] }) => ({
      data: members ?? [],
      summary: `members: ${(members ?? []).map(({ name }) => name).join(", ")}`,
    })),
  );
}

/** What a member tells its peers, on the peer port. */
export function etcdPeerMembers(vantage: Vantage, target: Target, as: Identity): Promise<Exchange<string>> {
  return https(vantage, target, as, { path: "/members" }, readPlain);
}

function reading<T, U>(answer: HttpAnswer, seen: (body: T) => { data: U; summary: string }): Outcome<U> {
  const outcome = readPlain(answer);
  if (outcome.kind !== "accepted") return outcome;
  return { kind: "accepted", status: answer.status, ...seen(JSON.parse(answer.body) as T) };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The first key behind all keys with a prefix: its last byte counted up. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
