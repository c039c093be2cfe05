import { setTimeout as delay } from "node:timers/promises";
import { engine } from "../../engine/engine.ts";
import { BootError, oneLine } from "../../support/errors.ts";
import { until } from "../../support/until.ts";
import { CLUSTER_LABEL } from "./containers.ts";

/** kubeadm waits four minutes for a component that dies at each start; this many deaths are enough for us to know. */
const HOPELESS_ATTEMPT = 2;
const FIRST_LOOK_MS = 12_000; // a healthy node is up before the first look, and pays nothing for it
const LOOK_EVERY_MS = 3_000;

/** What a component said before it died, and how often it was started. */
interface LastWords {
  component: string;
  attempt: number;
  words: string;
}

/** A running `kind create cluster`. */
export interface Creation {
  /** The leader of its process group. */
  pid: number | undefined;
  ended: Promise<{ exitCode: number | undefined; output: string }>;
}

/**
 * Waits for `kind create cluster` to end. Throws a BootError with the failing component's own words when it fails, or
 * as soon as a component of the control plane keeps dying.
 */
export async function watchBoot(cluster: string, creation: Creation): Promise<void> {
  const looking = new AbortController();
  const hopeless = keepsDying(cluster, looking.signal).then((died) => ({ died, result: undefined }));
  const ended = creation.ended.then((result) => ({ died: [], result }));
  const { died, result } = await Promise.race([ended, hopeless]);
  looking.abort();
  if (result?.exitCode === 0) return;
  if (!result) {
    if (creation.pid) process.kill(-creation.pid, "SIGKILL");
    await ended;
  }
  const words = died.length > 0 ? died : await componentsThatDied(cluster, 1);
  throw bootError(words, result?.output ?? "");
}

/** The last words of what keeps dying, as soon as something does; does not end where `signal` comes first. */
async function keepsDying(cluster: string, signal: AbortSignal): Promise<LastWords[]> {
  const look = async () => {
    const died = await componentsThatDied(cluster, HOPELESS_ATTEMPT);
    return died.length > 0 && died;
  };
  try {
    await delay(FIRST_LOOK_MS, undefined, { signal });
    const patience = { timeoutMs: Number.POSITIVE_INFINITY, everyMs: LOOK_EVERY_MS, signal };
    return await until("a component to keep dying", look, patience);
  } catch {
    return new Promise(() => {}); // kind ended first: its result is what counts
  }
}

/** The kubelet and the static pods that were started more than `attempts` times, with what they said last. */
async function componentsThatDied(cluster: string, attempts: number): Promise<LastWords[]> {
  const { stdout } = await engine(["ps", "-q", "--filter", `label=${CLUSTER_LABEL}=${cluster}`], {
    reject: false,
  });
  const answers = await Promise.all(
    stdout
      .split("\n")
      .filter(Boolean)
      .map((id) => engine(["exec", id, "bash", "-c", LOOK], { reject: false, timeout: 10_000 })),
  );
  return answers
    .flatMap((answer) => parseLastWords(answer.stdout))
    .filter(({ attempt }) => attempt >= attempts);
}

/** Under which name the look tells of a kubelet that lives, and is not let in. */
const REFUSED = "kubelet-registration";

// The kubelet numbers a container's logs by its starts (pkg/kubelet/kuberuntime/helpers.go, buildContainerLogsPath).
// The kubelet itself is restarted by systemd until kubeadm has written its configuration, so only later deaths count.
const LOOK = `
for component in etcd kube-apiserver kube-controller-manager kube-scheduler; do
  log=$(ls -t /var/log/pods/kube-system_$component-*/$component/*.log 2>/dev/null | head -n 1)
  [ -n "$log" ] && { echo "### $component $(basename "$log" .log)"; tail -n 30 "$log"; }
done
if [ -e /var/lib/kubelet/kubeadm-flags.env ]; then
  since=$(stat -c @%Y /var/lib/kubelet/kubeadm-flags.env)
  journal=$(journalctl -u kubelet --since "$since" -o cat --no-pager)
  deaths=$(echo "$journal" | grep -c 'Main process exited')
  echo "### kubelet $deaths"
  # It begins by logging its whole configuration: of its own lines, only errors (klog's E and F) and panics are worth telling.
  errors=$(echo "$journal" | grep -E '^[EF][0-9]{4} |^Error|^panic: ' | tail -n 3)
  if [ -n "$errors" ]; then echo "$errors"; else echo "$journal" | tail -n 30; fi
  # It lives, and is refused again and again. A few times is usual, until the API server has made its own roles. A kubelet
  # that joins calls without a credential until its certificate is issued: that is a wait, and not a refusal of its name.
  refusals=$(echo "$journal" | grep 'Unable to register node' | grep -E 'forbidden|denied|not allowed|invalid' | grep -v 'system:anonymous')
  if [ -n "$refusals" ] && [ "$(echo "$refusals" | wc -l)" -ge 4 ] && ! echo "$journal" | grep -q 'Successfully registered node'; then
    echo "### ${REFUSED} $(echo "$refusals" | wc -l)"; echo "$refusals" | tail -n 2
  fi
fi
true`;

const TELLING = /\berror\b|\bunknown\b|\binvalid\b|\bfail|\bfatal\b|\bpanic\b|\bunable\b|\bcannot\b|\brefus/i;

/** Reads what the look printed: `### COMPONENT ATTEMPT`, then the end of its log. */
export function parseLastWords(output: string): LastWords[] {
  return output
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [heading = "", ...lines] = section.split("\n");
      const [component = "", attempt = "0"] = heading.split(" ");
      const said = lines
        .map((line) => line.replace(/^\S+ (?:stdout|stderr) [FP] /, ""))
        .filter((line) => line.trim());
      const telling = said.filter((line) => TELLING.test(line));
      return {
        component,
        attempt: Number(attempt),
        words: (telling.length > 0 ? telling : said).slice(-3).map(inPlainWords).join("\n"),
      };
    });
}

/** etcd logs JSON, a stack trace of thirty frames included: of that, what happened and why. */
function inPlainWords(line: string): string {
  try {
    const { msg, error } = JSON.parse(line) as { msg?: string; error?: string };
    return [msg, error].filter(Boolean).join(": ") || line;
  } catch {
    return line;
  }
}

/** What a component's own words mean for the one who reads them. */
const CAUSES = [
  {
    words: /too many open files|inotify/i,
    says: "this machine runs out of inotify instances",
    remedy:
      "raise the limit, which all containers of the machine share: `sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288`, or stop other clusters",
  },
  {
    words: /Unable to register node|is not allowed to modify node|node .* is forbidden/i,
    says: "a kubelet is not let in as the node that it says it is",
    remedy:
      "a node's name is set by nodeRegistration.name, for which kubeadm issues the kubelet's certificate",
  },
  {
    words: /unknown '?(kubernetes\.io|k8s\.io)/i,
    says: "a node's label has a reserved prefix",
    remedy: "a kubelet may not give itself labels below kubernetes.io or k8s.io; use a prefix of your own",
  },
  {
    words: /unrecognized feature gate/i,
    says: "a feature gate is not known at this version",
    remedy: "look at featureGates and at the --feature-gates arguments of the config",
  },
  {
    words: /failed to remove control plane taint/,
    says: "kind takes the taint of control planes off, and it is not there",
    remedy:
      "where no worker is, kind removes that taint and fails without it (kind 0.33, actions/kubeadminit/init.go): leave `taints: []` out, or add a worker",
  },
  {
    words: /failed to apply JSON 6902 patch/,
    says: "a JSON patch does not fit the document that kind writes",
    remedy:
      "`replace`, `remove` and a path ending in `/-` need what is there already: `add` the list or the field as a whole",
  },
  { words: /unknown flag/i, says: "a component does not know an argument", remedy: "look at its extraArgs" },
] as const;

/** What ended a boot: the last words of components that died, with what they mean, or else the end of kind's own output. */
export function bootError(died: LastWords[], output: string): BootError {
  const [first] = died;
  if (first) {
    const known = CAUSES.find(({ words }) => died.some((one) => words.test(one.words)));
    return new BootError(`The cluster does not boot: ${known?.says ?? `${first.component} keeps dying`}.`, {
      where: died
        .map(({ component, attempt }) =>
          component === REFUSED
            ? `the kubelet, refused ${attempt} times`
            : `${component}, ${attempt + 1} starts`,
        )
        .join("; "),
      expected: "a component that stays up with the arguments it was given",
      found: died
        .map(({ component, words }) => `${component === REFUSED ? "the kubelet" : component} said: ${words}`)
        .join("\n"),
      ...(known && { remedy: known.remedy }),
    });
  }
  const telling = output.split("\n").filter((line) => /error|fatal|invalid|panic|no space left/i.test(line));
  const known = CAUSES.find(({ words }) => words.test(output));
  return new BootError(`The cluster does not boot: ${known?.says ?? "kind failed"}.`, {
    expected: "`kind create cluster` to end with exit code 0",
    found: (telling.length > 0 ? telling : output.split("\n"))
      .slice(-4)
      .map((line) => oneLine(line))
      .join("\n"),
    ...(known && { remedy: known.remedy }),
  });
}
