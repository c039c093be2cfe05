import { channel } from "../../harness/channel.ts";

export default channel({
  id: "general",
  title: "Every open port",
  from: "anyone",
  to: "control plane",
  summary:
    "Every open port speaks TLS or is meant to be plaintext, and a caller without a credential gets nowhere.",
  order: 10,
  drawn: { from: "anyone", to: "API server" },
});
