import { expect, test } from "vitest";
import { bootError, parseLastWords } from "./diagnosis.ts";

test("takes each component's telling words, without the runtime's prefix", () => {
  const look = `### kube-apiserver 3
2026-01-01T00:00:00.000000000Z stderr F I0101 starting
2026-01-01T00:00:01.000000000Z stderr F Error: unknown flag: --no-such-flag
### etcd 0
2026-01-01T00:00:00.000000000Z stdout F {"msg":"serving"}

### kubelet 2
E0101 1 failed to load: first
E0101 2 failed to load: second
nothing of interest
E0101 3 failed to load: third
E0101 4 failed to load: fourth
`;
  expect(parseLastWords(look)).toEqual([
    { component: "kube-apiserver", attempt: 3, words: "Error: unknown flag: --no-such-flag" },
    { component: "etcd", attempt: 0, words: "serving" },
    {
      component: "kubelet",
      attempt: 2,
      words: ["second", "third", "fourth"]
        .map((word, at) => `E0101 ${at + 2} failed to load: ${word}`)
        .join("\n"),
    },
  ]);
});

test("tells of etcd's JSON what happened and why, without its stack", () => {
  const look = `### etcd 2
2026-01-01T00:00:00.000000000Z stderr F {"level":"panic","msg":"failed to create WAL","error":"no space left on device","stacktrace":"a\\nb"}
2026-01-01T00:00:00.000000000Z stderr F panic: failed to create WAL
`;
  expect(parseLastWords(look)).toEqual([
    {
      component: "etcd",
      attempt: 2,
      words: "failed to create WAL: no space left on device\npanic: failed to create WAL",
    },
  ]);
});

test("a component without a log has no words, and nothing at all is nobody's", () => {
  expect(parseLastWords("### etcd 1\n")).toEqual([{ component: "etcd", attempt: 1, words: "" }]);
  expect(parseLastWords("bash: cannot open\n")).toEqual([]);
});

test.each([
  ["E1 inotify_init: too many open files", "out of inotify instances", "fs.inotify.max_user_instances"],
  [
    'E1 "Unable to register node with API server" err="nodes \\"a\\" is forbidden"',
    "not let in as the node",
    "nodeRegistration.name",
  ],
  ["Error: unknown flag: --no-such", "does not know an argument", "extraArgs"],
  ["E1 failed", "kubelet keeps dying", "kubelet said: E1 failed"],
])("what %s means is said first", (words, sentence, remedy) => {
  const { message } = bootError([{ component: "kubelet", attempt: 3, words }], "");
  expect(message.split("\n")[0]).toContain(sentence);
  expect(message).toContain(remedy);
});
