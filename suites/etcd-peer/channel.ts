import { channel } from "../../harness/channel.ts";

export default channel({
  id: "etcd-peer",
  title: "etcd peers",
  from: "etcd",
  to: "etcd",
  port: 2380,
  summary: "The members of etcd replicate every object among themselves, with certificates of etcd's own CA.",
  order: 20,
});
