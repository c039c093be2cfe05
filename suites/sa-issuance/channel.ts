import { channel } from "../../harness/channel.ts";

export default channel({
  id: "sa-issuance",
  title: "Token issuance",
  from: "API server",
  to: "pods",
  summary: "A pod's token names its pod, its node and its audience, and it expires.",
  order: 160,
});
