// What the page does beyond what a browser does by itself: tabs, filter, theme, printing. Everything is readable without.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Opens whatever the element lies in: its tab, and every <details> around it. */
function reveal(element) {
  const run = element.closest(".run");
  if (run) selectRun(run.id);
  for (let at = element; at; at = at.parentElement) {
    if (at.localName === "details") at.open = true;
    at.classList.remove("filtered");
  }
}

/** Follows the address to a channel, a claim or a run, and puts the focus there. */
function followFragment() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  reveal(target);
  const summary = target.closest("details")?.querySelector("summary");
  summary?.focus({ preventScroll: true });
  (summary ?? target).scrollIntoView({ block: "start" });
}

function selectRun(id) {
  for (const tab of all("[role=tab]")) {
    const selected = tab.getAttribute("href") === `#${id}`;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
    document.getElementById(tab.hash.slice(1)).hidden = !selected;
  }
}

function makeTabs() {
  const tabs = all(".tabs a");
  if (tabs.length === 0) return;
  document.querySelector(".tabs").setAttribute("role", "tablist");
  for (const [index, tab] of tabs.entries()) {
    const panel = document.getElementById(tab.hash.slice(1));
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      selectRun(panel.id);
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -index, End: tabs.length - 1 - index }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = tabs[(index + step + tabs.length) % tabs.length];
      selectRun(next.hash.slice(1));
      next.focus();
    });
  }
  selectRun(document.querySelector("[data-first]").hash.slice(1));
}

function makeFilter(run) {
  const bar = run.querySelector(".filter");
  const input = bar.querySelector("input");
  const toggles = all("[data-status]", bar);
  const claims = all(".claim", run).map((item) => ({
    item,
    text: `${item.textContent} ${item.closest(".channel").querySelector("summary").textContent}`.toLowerCase(),
  }));

  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const statuses = toggles
      .filter((toggle) => toggle.ariaPressed === "true")
      .map((toggle) => toggle.dataset.status);
    const filtering = words.length > 0 || statuses.length > 0;
    let shown = 0;
    for (const { item, text } of claims) {
      const matches =
        words.every((word) => text.includes(word)) &&
        (statuses.length === 0 || statuses.includes(item.dataset.status));
      item.classList.toggle("filtered", !matches);
      if (matches) shown++;
    }
    for (const channel of all(".channel", run)) {
      const some = channel.querySelector(".claim:not(.filtered)") !== null;
      channel.classList.toggle("filtered", !some);
      if (filtering && some) channel.open = true;
    }
    run.querySelector(".nothing").hidden = shown > 0;
    bar.querySelector("output").textContent = filtering ? `${shown} of ${claims.length} claims` : "";
  };

  input.addEventListener("input", apply);
  for (const toggle of toggles) {
    toggle.addEventListener("click", () => {
      toggle.ariaPressed = String(toggle.ariaPressed !== "true");
      apply();
    });
  }
  for (const button of all("[data-open]", bar)) {
    button.addEventListener("click", () => {
      for (const details of all(".channel, .claim details", run))
        details.open = button.dataset.open === "all";
    });
  }
  bar.hidden = false;
}

function makeTheme() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
    "dark";
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to the ${isDark() ? "light" : "dark"} theme`);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  button.hidden = false;
  show();
}

/** On paper nothing can be opened: everything is, while the page is printed. */
function openWhilePrinting() {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
}

makeTheme();
makeTabs();
for (const run of all(".run")) makeFilter(run);
openWhilePrinting();
addEventListener("hashchange", followFragment);
// A second click on the same link changes no address.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) followFragment();
});
followFragment();
