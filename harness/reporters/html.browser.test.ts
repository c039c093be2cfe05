import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alarming, calm } from "../results/sample.test-data.ts";
import { withText } from "./hostile.test-data.ts";
import { lowContrasts } from "./html/contrast.test-data.ts";
import { renderHtml } from "./html/page.ts";

const executable = findChromium();
const why = executable
  ? ""
  : " (skipped: no chromium, chromium-browser or google-chrome in PATH, and no CHROMIUM_PATH)";
const desk = { viewport: { width: 1280, height: 800 } };

/** What the page did that it must not do: network requests and console errors. */
const complaints: string[] = [];
let browser: Browser;
let directory = "";

beforeAll(async () => {
  if (!executable) return;
  directory = await mkdtemp(join(tmpdir(), "planeproof-html-"));
  const hostile = withText(
    alarming,
    '</script><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  );
  for (const [name, report] of Object.entries({ calm, alarming, hostile })) {
    await writeFile(join(directory, `${name}.html`), renderHtml(report));
  }
  browser = await chromium.launch({
    executablePath: executable,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  if (directory) await rm(directory, { recursive: true });
});

describe.skipIf(!executable)(`index.html in a browser${why}`, { timeout: 60_000 }, () => {
  test("opens without network and without an error", async () => {
    complaints.length = 0;
    for (const name of ["calm", "alarming", "hostile"]) {
      await using opened = await open(name);
      expect(await opened.page.title()).toMatch(/^planeproof: /);
      expect(await opened.page.evaluate("window.hacked")).toBeUndefined();
    }
    expect(complaints).toEqual([]);
  });

  test("shows the answer and the known exposure before anything is scrolled or opened", async () => {
    await using opened = await open("calm");
    for (const text of [
      "except for 1 known exposure",
      "sends nobody's session to a kubelet",
      "kubeadm gives the API server no CA",
    ]) {
      const box = await opened.page.getByText(text).first().boundingBox();
      expect(box && box.y + box.height).toBeLessThanOrEqual(800);
    }
  });

  test("leads from an arrow to its channel and on to a claim's controls, by keyboard alone", async () => {
    await using opened = await open("calm");
    const { page } = opened;
    await tabTo(page, "a.label[href='#run1/etcd-client']");
    const frame = "getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth";
    expect(await page.evaluate(frame)).toBe("4px");
    await page.keyboard.press("Enter");
    const channel = page.locator(".channel", { has: page.getByRole("heading", { name: "etcd clients" }) });
    expect(await channel.getAttribute("open")).not.toBeNull();
    await expect.poll(() => focusedText(page)).toContain("etcd clients");
    const control = channel.getByText("nobody counts the keys");
    expect(await control.isVisible()).toBe(false);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focusedText(page)).toContain("Without a certificate");
    await page.keyboard.press("Enter");
    expect(await control.isVisible()).toBe(true);
    expect(await channel.getByText("refused by TLS, alert 116: certificate required").isVisible()).toBe(true);
  });

  test.each(["light", "dark"] as const)("has contrast enough in the %s theme", async (colorScheme) => {
    for (const name of ["calm", "alarming"]) {
      await using opened = await open(name, { ...desk, colorScheme });
      await openEverything(opened.page);
      expect(await opened.page.evaluate(lowContrasts)).toEqual([]);
    }
  });

  test("changes the theme", async () => {
    await using opened = await open("calm", { ...desk, colorScheme: "light" });
    const background = () => opened.page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    await opened.page.getByRole("button", { name: "Switch to the dark theme" }).click();
    expect(await background()).not.toBe(light);
  });

  test.each([400, 700, 1280])(
    "needs no sideways scrolling at %i pixels, with everything open",
    async (width) => {
      for (const name of ["calm", "alarming"]) {
        await using opened = await open(name, { viewport: { width, height: 800 } });
        await openEverything(opened.page);
        expect(await opened.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      }
    },
  );

  test("begins with the cluster that stands worst, and goes from tab to tab by arrow keys", async () => {
    await using opened = await open("alarming");
    const { page } = opened;
    const selected = page.getByRole("tab", { selected: true });
    expect(await selected.textContent()).toContain("hardened v1.36.3");
    await selected.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await selected.textContent()).toContain("default v1.37.2");
    expect(await page.locator("#run1").isVisible()).toBe(true);
    expect(await page.locator("#run2").isVisible()).toBe(false);
  });

  test("opens where an address from elsewhere points, behind another tab too", async () => {
    await using opened = await open("alarming", desk, "#run1/etcd-client/no-certificate-refused");
    await expect
      .poll(() => opened.page.getByText("an expired certificate counts the keys").first().isVisible())
      .toBe(true);
  });

  test("filters by text and by verdict", async () => {
    await using opened = await open("calm");
    const { page } = opened;
    const shown = () => page.locator(".claim").filter({ visible: true }).count();
    await page.getByLabel("Filter", { exact: true }).fill("alert 116");
    expect(await shown()).toBe(1);
    expect(await page.locator("output").textContent()).toBe("1 of 19 claims");
    await page.getByLabel("Filter", { exact: true }).fill("");
    await page.getByRole("button", { name: "outdated" }).press("Enter");
    expect(await shown()).toBe(2);
  });

  test("can be read without its script", async () => {
    await using opened = await open("alarming", { ...desk, javaScriptEnabled: false });
    const { page } = opened;
    expect(await page.locator("#run1").isVisible()).toBe(true);
    expect(await page.locator("#run2").isVisible()).toBe(true);
    expect(await page.locator(".filter").first().isVisible()).toBe(false);
    await page.locator("a.label[href='#run1/etcd-client']").press("Enter");
    expect(await page.locator("#run1\\/etcd-client").isVisible()).toBe(true);
  });

  test("is whole on paper", async () => {
    await using opened = await open("calm", { ...desk, colorScheme: "dark" });
    await opened.page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await opened.page.getByText("an expired certificate counts the keys").isVisible()).toBe(true);
    expect(await opened.page.evaluate(lowContrasts)).toEqual([]);
  });

  test("writes JUnit that a browser reads as XML, whatever a cluster says", async () => {
    const { renderJunit } = await import("./junit.ts");
    await using opened = await open("calm");
    const xml = renderJunit(withText(alarming, "]]> & <b \u0000\u001b\ud800\ufffe\"'"));
    const parse = "(xml) => new DOMParser().parseFromString(xml, 'application/xml').documentElement.nodeName";
    expect(await opened.page.evaluate(`(${parse})(${JSON.stringify(xml)})`)).toBe("testsuites");
  });
});

interface OpenedPage extends AsyncDisposable {
  page: Page;
}

async function open(name: string, options: BrowserContextOptions = desk, fragment = ""): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(join(directory, `${name}.html`)).href + fragment);
  return { page, [Symbol.asyncDispose]: () => context.close() };
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`${selector} is not reached by Tab`);
}

async function focusedText(page: Page): Promise<string> {
  return String(await page.evaluate("document.activeElement.textContent"));
}

async function openEverything(page: Page): Promise<void> {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
}

function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const inPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((place) => names.map((name) => join(place, name)));
  return [process.env.CHROMIUM_PATH ?? "", ...inPath].find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file !== "";
  } catch {
    return false;
  }
}
