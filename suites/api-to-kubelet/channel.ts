import { channel } from "../../harness/channel.ts";

export default channel({
  id: "api-to-kubelet",
  title: "API server to kubelet",
  from: "API server",
  to: "kubelet",
  port: 10250,
  summary:
    "The API server fetches logs, exec and attach from the kubelet with a client certificate of its own.",
  order: 80,
});
