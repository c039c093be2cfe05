import type {
  V1SelfSubjectReview,
  V1SubjectAccessReview,
  V1SubjectAccessReviewSpec,
} from "@kubernetes/client-node";
import type { Api } from "./api.ts";
import type { Exchange } from "./outcome.ts";

/** Who the API server takes somebody for. */
export interface UserInfo {
  username: string;
  /** Sorted; `system:authenticated` is among them. */
  groups: string[];
}

/** Asks the API server who it takes the caller for. The data is a Who. */
export async function whoAmI(api: Api): Promise<Exchange> {
  const exchange = await api.call(({ authentication }) =>
    authentication.createSelfSubjectReview({ body: {} }),
  );
  if (exchange.outcome.kind !== "accepted") return exchange;
  const { status } = exchange.outcome.data as V1SelfSubjectReview;
  const { username = "", groups = [] } = status?.userInfo ?? {};
  const who: UserInfo = { username, groups: [...groups].sort() };
  const summary = `the user is ${who.username}, in ${who.groups.join(", ")}`;
  return { ...exchange, outcome: { ...exchange.outcome, summary, data: who } };
}

/** What the API server's authorizers say of a request that somebody might make. */
export interface Review {
  allowed: boolean;
  /** Which rule decided: RBAC names its binding, the Node authorizer gives no reason for what it allows. */
  reason: string;
}

/** Asks whether somebody may do something (a SubjectAccessReview). The data is a Review. */
export async function accessReview(api: Api, spec: V1SubjectAccessReviewSpec): Promise<Exchange> {
  const exchange = await api.call(({ authorization }) =>
    authorization.createSubjectAccessReview({ body: { spec } }),
  );
  if (exchange.outcome.kind !== "accepted") return exchange;
  const { status } = exchange.outcome.data as V1SubjectAccessReview;
  const review: Review = { allowed: status?.allowed ?? false, reason: status?.reason ?? "" };
  const summary = `${review.allowed ? "allowed" : "not allowed"}: ${review.reason || "no reason given"}`;
  return { ...exchange, outcome: { ...exchange.outcome, summary, data: review } };
}
