import { channel } from "../../harness/channel.ts";

export default channel({
  id: "scheduler",
  title: "Scheduler",
  from: "scheduler",
  to: "API server",
  port: 6443,
  summary: "The scheduler binds pods as system:kube-scheduler, and has few other rights.",
  order: 120,
});
