import { channel } from "../../harness/channel.ts";

export default channel({
  id: "api-clients",
  title: "API server clients",
  from: "clients",
  to: "API server",
  port: 6443,
  summary:
    "A client is the user that its certificate names, and it verifies the API server's certificate in turn.",
  order: 40,
});
