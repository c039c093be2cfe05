import { channel } from "../../harness/channel.ts";

export default channel({
  id: "kubelet-authn",
  title: "Kubelet authentication",
  from: "anyone",
  to: "kubelet",
  port: 10250,
  summary: "The kubelet's port answers 401 to callers that it cannot authenticate.",
  order: 100,
});
