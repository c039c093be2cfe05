import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarming, calm, sabotaged } from "../results/sample.test-data.ts";
import { printable } from "../results/text.ts";
import { hostileText, withText } from "./hostile.test-data.ts";
import { renderJunit } from "./junit.ts";

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

// What XML 1.0 allows as a character, without the surrogates, which a JavaScript string may hold alone.
const CHARACTERS = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** A strict reader of the little XML that JUnit needs: throws at anything that is not well-formed. */
function parse(xml: string): Element {
  if (!CHARACTERS.test(xml)) throw new Error("a character that XML does not have");
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const body = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, "");
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    const at = open.at(-1) ?? root;
    const closing = /^<\/([a-z-]+)>$/.exec(token);
    const tag = /^<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>$/.exec(token);
    if (closing) {
      if (at.name !== closing[1]) throw new Error(`${token} closes ${at.name}`);
      open.pop();
    } else if (tag) {
      const attributes = [...(tag[2] ?? "").matchAll(/ ([a-z]+)="([^"]*)"/g)];
      const element: Element = {
        name: tag[1] ?? "",
        attributes: Object.fromEntries(attributes.map(([, key = "", value = ""]) => [key, decode(value)])),
        children: [],
        text: "",
      };
      at.children.push(element);
      if (!tag[3]) open.push(element);
    } else if (token.startsWith("<")) {
      throw new Error(`${token} is no tag`);
    } else {
      at.text += decode(token);
    }
  }
  const [top, ...more] = root.children;
  if (open.length !== 1 || !top || more.length > 0) throw new Error("not one closed root element");
  return top;
}

function decode(text: string): string {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`a bare & in ${text}`);
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

const cases = (root: Element) =>
  root.children.flatMap(({ children }) => children.filter(({ name }) => name === "testcase"));
const caseOf = (root: Element, id: string) => cases(root).filter(({ attributes }) => attributes.name === id);
const part = (element: Element | undefined, name: string) =>
  element?.children.find((child) => child.name === name);

describe("junit.xml", () => {
  test("is well-formed whatever a cluster says, and keeps what it said", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const root = parse(renderJunit(withText(alarming, text)));
        const [, broken] = caseOf(root, "kubelet-authn/anonymous-refused");
        expect(part(broken, "failure")?.attributes.message).toBe(
          `broken, expected: holds. ${printable(text)}`,
        );
      }),
      { numRuns: 50 },
    );
  });

  test("has a suite for each channel of each run, and counts that agree with it", () => {
    const root = parse(renderJunit(alarming));
    expect(root.children).toHaveLength(34);
    for (const suite of root.children) {
      const inside = suite.children.filter(({ name }) => name === "testcase");
      const having = (name: string) => inside.filter((one) => part(one, name)).length;
      expect(suite.attributes).toMatchObject({
        tests: String(inside.length),
        failures: String(having("failure")),
        skipped: String(having("skipped")),
        errors: "0",
      });
    }
    expect(root.attributes).toMatchObject({ tests: "38", failures: "3", skipped: "1" });
    expect(cases(root).every(({ attributes }) => /^\d+\.\d{3}$/.test(attributes.time ?? ""))).toBe(true);
  });

  test("passes a known exposure, loudly", () => {
    const [exposure] = caseOf(parse(renderJunit(calm)), "kubelet-serving/rogue-kubelet-refused");
    expect(part(exposure, "failure")).toBeUndefined();
    expect(part(exposure, "system-out")?.text).toMatch(/^KNOWN EXPOSURE/);
  });

  test("says where a claim is documented, with its address", () => {
    const [claim] = caseOf(parse(renderJunit(calm)), "kubelet-serving/rogue-kubelet-refused");
    expect(part(claim, "system-out")?.text).toMatch(
      /^documented: Securing the control plane, .+: https:\/\/\S+$/m,
    );
  });

  test("skips what was not exercised, unless it was to be", () => {
    const [expected, unexpected] = caseOf(parse(renderJunit(alarming)), "etcd-peer/write-is-replicated");
    expect(part(expected, "skipped")?.attributes.message).toBe("needs three etcd members");
    expect(part(unexpected, "failure")?.attributes.type).toBe("not-exercised");
  });

  test("shows for a failure what was expected and what was seen", () => {
    const [, broken] = caseOf(parse(renderJunit(alarming)), "kubelet-authn/anonymous-refused");
    expect(part(broken, "failure")?.text).toContain("expected: refused by authentication, 401");
    expect(part(broken, "failure")?.text).toContain("observed: refused by authorization, 403");
  });

  test("of a kill matrix fails for a mutant that survives, and for no claim", () => {
    const root = parse(renderJunit(sabotaged));
    expect(cases(root).map((one) => [one.attributes.name, part(one, "failure") !== undefined])).toEqual([
      ["anonymous-is-admin", false],
      ["kubelet-anonymous", true],
      ["etcd-client-cert-auth-false", false],
    ]);
  });
});
