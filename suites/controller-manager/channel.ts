import { channel } from "../../harness/channel.ts";

export default channel({
  id: "controller-manager",
  title: "Controller manager",
  from: "controller manager",
  to: "API server",
  port: 6443,
  summary:
    "The controller manager is an ordinary client; its controllers act under service accounts of their own.",
  order: 130,
});
