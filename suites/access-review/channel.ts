import { channel } from "../../harness/channel.ts";

export default channel({
  id: "access-review",
  title: "Access reviews",
  from: "authorizers",
  to: "API server",
  port: 6443,
  summary: "The API server tells callers who may create reviews what a user is allowed to do.",
  order: 190,
  drawn: { from: "clients", to: "API server" },
});
