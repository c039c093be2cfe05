import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarming, calm, sabotaged } from "../../results/sample.test-data.ts";
import { hostileText, withText } from "../hostile.test-data.ts";
import { renderHtml } from "./page.ts";

/** The page's tags in order, without the values of their attributes. */
function skeleton(page: string): string[] {
  const markup = page.replace(/<(script|style)>.*?<\/\1>/gs, "");
  return (markup.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ""));
}

describe("index.html", () => {
  test("has the same tags whatever a cluster says", () => {
    const plain = skeleton(renderHtml(withText(alarming, "x")));
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(!/https?:\/\//.test(text)); // an address becomes a link
        expect(skeleton(renderHtml(withText(alarming, text)))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  test("names no address on the network but links", () => {
    const page = renderHtml(alarming).replaceAll(/<a href="https:[^"]*">/g, "<a>");
    expect(page).not.toMatch(/(src|href|url\()=?["']?(https?:)?\/\//);
  });

  test("gives each id once", () => {
    const ids = [...renderHtml(alarming).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test("leads every inner link somewhere", () => {
    const page = renderHtml(alarming);
    const targets = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id);
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  });

  test("shows a channel that it does not know in the list, and greys one that has no claims", () => {
    const odd = structuredClone(calm);
    for (const claim of odd.runs[0]?.claims ?? []) {
      if (claim.channel === "kube-proxy")
        Object.assign(claim, { channel: "konnectivity", id: "konnectivity/tunnel" });
    }
    const page = renderHtml(odd);
    expect(page).toContain('<li class="not-drawn"><a href="#run1/konnectivity">konnectivity</a>');
    expect(page).toContain("kube-proxy: no claim in this run");
  });

  test("says of each control what has to come of it, and after which change", () => {
    const page = renderHtml(calm);
    expect(page).toContain("after its binding was deleted · must be refused");
    expect(page).toMatch(/configuration is read<\/strong> <span class="aside">must be seen/);
  });

  test("leaves the drawing out where the report does not describe its channels, and lists them under their ids", () => {
    const { channels: _, ...older } = calm;
    const page = renderHtml(older);
    expect(page).not.toContain('class="arrow');
    for (const { channel } of calm.runs[0]?.claims ?? []) {
      expect(page).toContain(`<li class="not-drawn"><a href="#run1/${channel}">${channel}</a>`);
    }
  });

  test("shows the kill matrix", () => {
    expect(renderHtml(sabotaged)).toContain("The kill matrix");
  });
});
