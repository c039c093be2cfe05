import type { Identity } from "../identity/index.ts";
import { readPlain } from "./answers.ts";
import { grpc } from "./grpc.ts";
import { https } from "./http.ts";
import type { Exchange } from "./outcome.ts";
import { bytesOf, decode, encode, numberOf } from "./protobuf.ts";
import type { Target } from "./tls.ts";
import type { Vantage } from "./vantage.ts";

// etcd's client port is asked over gRPC, as the API server asks it: its JSON gateway may be switched off. The messages and
// the numbers of their fields are those of https://github.com/etcd-io/etcd/blob/v3.7.0/api/etcdserverpb/rpc.proto (of
// KeyValue: api/mvccpb/kv.proto), which are the same since 3.0.
const RANGE_REQUEST = { key: 1, rangeEnd: 2, countOnly: 9 } as const;
const RANGE_RESPONSE = { kvs: 2, count: 4 } as const;
const KEY_VALUE = { value: 5 } as const;
const PUT_REQUEST = { key: 1, value: 2 } as const;
const MEMBER_LIST_RESPONSE = { members: 2 } as const;
const MEMBER = { name: 2, peerURLs: 3, clientURLs: 4 } as const;
const STATUS_RESPONSE = { version: 2 } as const;

/** A member of etcd as another one lists it. */
interface EtcdMember {
  name: string;
  peerURLs: string[];
  clientURLs: string[];
}

/** Counts the keys under a prefix. */
export function etcdCount(
  vantage: Vantage,
  target: Target,
  as: Identity,
  prefix: string,
): Promise<Exchange<number>> {
  const message = encode({
    [RANGE_REQUEST.key]: prefix,
    [RANGE_REQUEST.rangeEnd]: after(prefix),
    [RANGE_REQUEST.countOnly]: true,
  });
  return grpc(vantage, target, as, { method: "etcdserverpb.KV/Range", message }, (answer) => {
    const count = numberOf(decode(answer), RANGE_RESPONSE.count);
    return { data: count, summary: `${count} keys` };
  });
}

/** Reads one key's raw value, as a Buffer in the outcome's data; null where the key is not there. */
export function etcdValue(
  vantage: Vantage,
  target: Target,
  as: Identity,
  key: string,
): Promise<Exchange<Buffer | null>> {
  const message = encode({ [RANGE_REQUEST.key]: key });
  return grpc(vantage, target, as, { method: "etcdserverpb.KV/Range", message }, (answer) => {
    const [found] = bytesOf(decode(answer), RANGE_RESPONSE.kvs);
    if (!found) return { data: null, summary: "no such key" };
    const [value = Buffer.alloc(0)] = bytesOf(decode(found), KEY_VALUE.value);
    return { data: value, summary: `${value.length} bytes` };
  });
}

/** Writes a key. Only for keys of our own making: the API server's live under /registry. */
export function etcdPut(
  vantage: Vantage,
  target: Target,
  as: Identity,
  key: string,
  value: string,
): Promise<Exchange<boolean>> {
  const message = encode({ [PUT_REQUEST.key]: key, [PUT_REQUEST.value]: value });
  return grpc(vantage, target, as, { method: "etcdserverpb.KV/Put", message }, () => ({
    data: true,
    summary: "written",
  }));
}

/** The members of the etcd cluster. */
export function etcdMembers(vantage: Vantage, target: Target, as: Identity): Promise<Exchange<EtcdMember[]>> {
  const message = encode({});
  return grpc(vantage, target, as, { method: "etcdserverpb.Cluster/MemberList", message }, (answer) => {
    const members = bytesOf(decode(answer), MEMBER_LIST_RESPONSE.members).map(decode);
    const texts = members.map((member) => (field: number) => bytesOf(member, field).map(String));
    const data = texts.map((text) => ({
      name: text(MEMBER.name).join(),
      peerURLs: text(MEMBER.peerURLs),
      clientURLs: text(MEMBER.clientURLs),
    }));
    return { data, summary: `members: ${data.map(({ name }) => name).join(", ")}` };
  });
}

/** The version of etcd that a member runs: `3.7.0`. */
export function etcdVersion(vantage: Vantage, target: Target, as: Identity): Promise<Exchange<string>> {
  const message = encode({});
  return grpc(vantage, target, as, { method: "etcdserverpb.Maintenance/Status", message }, (answer) => {
    const version = bytesOf(decode(answer), STATUS_RESPONSE.version).join();
    return { data: version, summary: `etcd ${version}` };
  });
}

/** What a member tells its peers, on the peer port, which speaks HTTP (server/etcdserver/api/etcdhttp/peer.go). */
export function etcdPeerMembers(vantage: Vantage, target: Target, as: Identity): Promise<Exchange<string>> {
  return https(vantage, target, as, { path: "/members" }, readPlain);
}

/** The first key behind all keys with a prefix: its last byte counted up. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
