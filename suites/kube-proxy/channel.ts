import { channel } from "../../harness/channel.ts";

export default channel({
  id: "kube-proxy",
  title: "kube-proxy",
  from: "kube-proxy",
  to: "API server",
  port: 6443,
  summary:
    "kube-proxy reads Services and EndpointSlices with its service account's token, and changes nothing.",
  order: 180,
});
