import { channel } from "../../harness/channel.ts";

export default channel({
  id: "kubelet-authz",
  title: "Kubelet authorization",
  from: "kubelet",
  to: "API server",
  port: 6443,
  summary: "The kubelet asks the API server for each request whether the caller may make it.",
  order: 110,
});
