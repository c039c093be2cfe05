import { channel } from "../../harness/channel.ts";

export default channel({
  id: "etcd-client",
  title: "etcd clients",
  from: "API server",
  to: "etcd",
  port: 2379,
  summary: "Only the API server reads and writes the store; etcd refuses certificates of the cluster's CA.",
  order: 30,
});
