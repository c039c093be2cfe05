import { channel } from "../../harness/channel.ts";

export default channel({
  id: "node-isolation",
  title: "Node isolation",
  from: "kubelet",
  to: "API server",
  port: 6443,
  summary: "A kubelet reads and changes what belongs to its own node, and nothing of other nodes.",
  order: 60,
});
