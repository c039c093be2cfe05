import { podOnEachNode, serviceAccount, startsPods } from "../../../harness/fixtures.ts";
import { claim, forbidden, onEach, refused, slide, together, works } from "../../../harness/index.ts";
import { podAttach, podExec, podLog } from "../../../harness/probes.ts";

claim(
  "api-to-kubelet/streams-arrive",
  {
    says: "The API server relays logs, exec and attach to the kubelet, and every byte arrives unchanged",
    documented: slide("Kubelet and API server"),
    touches: "own-objects",
    preconditions: startsPods,
  },
  async (lab) => {
    const canary = lab.unique("canary");
    const [administrator, { identity }, pods] = await Promise.all([
      lab.administrator(),
      serviceAccount(lab),
      podOnEachNode(lab, `echo ${canary}; exec cat`),
    ]);
    const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 256));
    const same = { shows: "the same 10 000 bytes", where: (back: Buffer) => back.equals(bytes) };
    // A WebSocket that is refused tells no more than its status.
    const notAuthorized = { layer: "authorization", status: 403 } as const;
    // Each kubelet is asked by one API server, that of the next control plane, and each API server asks.
    const relays = lab.apiServers.map((apiServer, at, { length }) => ({
      node: apiServer.node,
      apiServer,
      pods: pods.filter((_, index) => (index + 1) % length === at),
    }));
    const through = async ({ apiServer, pods }: (typeof relays)[number]) => {
      const [admin, stranger] = [await apiServer.api(administrator), await apiServer.api(identity)];
      const relayed = onEach(pods, ({ container }) => ({
        works: [
          works("the administrator reads a pod's log", () => podLog(admin, container), {
            shows: "what the pod wrote",
            where: (log) => log.includes(canary),
          }),
          works(
            "the administrator's exec echoes bytes",
            () => podExec(admin, container, ["cat"], bytes),
            same,
          ),
          works("the administrator's attach echoes bytes", () => podAttach(admin, container, bytes), same),
        ],
      }));
      // A stranger is refused before any kubelet is asked: one pod will do.
      const kept = onEach(pods.slice(0, 1), ({ container }) => ({
        refused: [
          refused(
            "an account without rights reads a pod's log",
            () => podLog(stranger, container),
            forbidden("get", "pods/log"),
          ),
          refused(
            "an account without rights runs a command",
            () => podExec(stranger, container, ["cat"], bytes),
            notAuthorized,
          ),
          refused(
            "an account without rights attaches",
            () => podAttach(stranger, container, bytes),
            notAuthorized,
          ),
        ],
      }));
      return together(relayed, kept);
    };
    return onEach(relays, through, "through");
  },
);
