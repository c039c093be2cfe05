import type { V1SubjectAccessReviewSpec } from "@kubernetes/client-node";
import type { Api } from "./api.ts";
import { type Exchange, mapAnswer } from "./outcome.ts";

/** Who the API server takes somebody for. */
export interface UserInfo {
  username: string;
  /** Sorted; `system:authenticated` is among them. */
  groups: string[];
}

/** Asks the API server who it takes the caller for (a SelfSubjectReview). */
export async function whoAmI(api: Api): Promise<Exchange<UserInfo>> {
  const exchange = await api.call(({ authentication }) =>
    authentication.createSelfSubjectReview({ body: {} }),
  );
  return mapAnswer(exchange, ({ status }) => {
    const { username = "", groups = [] } = status?.userInfo ?? {};
    const user: UserInfo = { username, groups: [...groups].sort() };
    return { data: user, summary: `the user is ${username}, in ${user.groups.join(", ")}` };
  });
}

/** What the API server's authorizers say of a request that somebody might make. */
export interface Review {
  allowed: boolean;
  /** Which rule decided: RBAC names its binding, the Node authorizer gives no reason for what it allows. */
  reason: string;
}

/** Asks whether somebody may do something (a SubjectAccessReview). */
export async function accessReview(api: Api, spec: V1SubjectAccessReviewSpec): Promise<Exchange<Review>> {
  const exchange = await api.call(({ authorization }) =>
    authorization.createSubjectAccessReview({ body: { spec } }),
  );
  return mapAnswer(exchange, ({ status }) => {
    const { allowed = false, reason = "" } = status ?? {};
    const summary = `${allowed ? "allowed" : "not allowed"}: ${reason || "no reason given"}`;
    return { data: { allowed, reason }, summary };
  });
}
