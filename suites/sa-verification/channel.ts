import { channel } from "../../harness/channel.ts";

export default channel({
  id: "sa-verification",
  title: "Token verification",
  from: "pods",
  to: "API server",
  port: 6443,
  summary:
    "The API server refuses tokens that are forged, expired, for another audience or of a deleted pod.",
  order: 170,
});
