/**
 * To be evaluated in a page: the texts and lines whose contrast is too low, with their ratio. WCAG 2.2 asks for 4.5:1 for
 * text (1.4.3) and 3:1 for graphics that carry meaning (1.4.11).
 */
export const lowContrasts = `(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [light, dark] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const isOpaque = (colour) => colour !== "none" && (parse(colour)[3] ?? 1) === 1;
  const behind = (element) => {
    const rect = element.closest("a.label, g.label, g.box")?.querySelector("rect");
    if (rect && element !== rect) return getComputedStyle(rect).fill;
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (isOpaque(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  const check = (element, what, colour, least) => {
    const contrast = ratio(colour, behind(element));
    if (!(contrast >= least)) found.push(contrast.toFixed(2) + " " + what);
  };
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility({ contentVisibilityAuto: true })) continue;
    const style = getComputedStyle(element);
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    if (text && !element.matches("script, style, title")) {
      check(element, text, element instanceof SVGElement ? style.fill : style.color, 4.5);
    }
    if (element.matches(".arrow line")) check(element, "an arrow", style.stroke, 3);
    if (element.matches(".mark")) check(element, "a mark", style.color, 3);
  }
  return found;
})()`;
