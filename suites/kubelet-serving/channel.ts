import { channel } from "../../harness/channel.ts";

export default channel({
  id: "kubelet-serving",
  title: "Kubelet's certificate",
  from: "API server",
  to: "kubelet",
  port: 10250,
  summary: "The API server verifies a kubelet's serving certificate before it sends a request.",
  order: 90,
});
