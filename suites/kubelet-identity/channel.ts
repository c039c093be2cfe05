import { channel } from "../../harness/channel.ts";

export default channel({
  id: "kubelet-identity",
  title: "Kubelet's identity",
  from: "kubelet",
  to: "API server",
  port: 6443,
  summary: "A kubelet acts as its own node: the user system:node:NAME in the group system:nodes.",
  order: 50,
});
