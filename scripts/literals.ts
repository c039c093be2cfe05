/** What a live setting decides, with the helper that reads it: a suite that spells it out calls a hardened cluster broken. */
const DECIDED: { literal: RegExp; ask: string }[] = [
  { literal: /\bsystem:(?:anonymous|unauthenticated)\b/, ask: "apiServer.refusesAnonymous" },
  { literal: /\b6_?443\b/, ask: "apiServer.endpoint" },
  { literal: /\b8_?080\b/, ask: "apiServer.insecurePort" },
  { literal: /\b10_?25[079]\b/, ask: "endpoint of kubelet, securePort of controller manager and scheduler" },
  { literal: /\b10_?248\b/, ask: "kubelet.health" },
  { literal: /\b10_?255\b/, ask: "kubelet.readOnlyPort" },
  { literal: /\b10_?(?:249|256)\b/, ask: "kubeProxy.metrics, kubeProxy.health" },
  { literal: /\b2_?(?:379|380)\b/, ask: "etcdMember.client, etcdMember.peer" },
  { literal: /\bcertificate_required\b/, ask: "etcdMember.refusesNobody" },
  { literal: /\bVersionTLS1[0-3]\b/, ask: "kubelet.refusesTls12" },
];

/** A literal where a live setting decides. */
export interface Literal {
  line: number;
  literal: string;
  /** Where the live setting is read. */
  ask: string;
}

// What speaks to people and decides nothing: comments, and a claim's own sentence and what replaced it.
const PROSE = [/^\s*(?:\/\/|\/?\*).*$/gm, /\s\/\/ .*$/gm, /\b(?:says|now):\s*(?:"[^"\n]*"|`[^`]*`)/g];

/** The literals in a source of a suite, in the order of its lines. */
export function literalsIn(source: string): Literal[] {
  const code = PROSE.reduce(
    (text, prose) => text.replace(prose, (found) => found.replace(/\S/g, " ")),
    source,
  );
  return code.split("\n").flatMap((text, index) =>
    DECIDED.flatMap(({ literal, ask }) => {
      const found = literal.exec(text)?.[0];
      return found ? [{ line: index + 1, literal: found, ask }] : [];
    }),
  );
}

/** Whether a file of a suite expects anything: a mutant names what it breaks, and channel.ts what a drawing shows. */
export function expects(file: string): boolean {
  return !/\/(?:mutants|channel)\.ts$/.test(file);
}
