import { channel } from "../../harness/channel.ts";

export default channel({
  id: "csr-signing",
  title: "Certificate signing",
  from: "controller manager",
  to: "API server",
  port: 6443,
  summary: "The controller manager signs a certificate once its request is approved, and not before.",
  order: 140,
});
