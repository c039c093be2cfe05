import { printable } from "../../results/text.ts";

/** Markup that is safe to put into a page. Only `html` and `trusted` make it. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Content = Markup | string | number | false | undefined | readonly Content[];

/** A template whose values are escaped, unless they are markup themselves: no text can become markup by oversight. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  const parts = strings.map((string, index) => string + render(values[index]));
  return new Markup(parts.join(""));
}

/** Takes text of our own files (the style sheet, the script) as markup. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

function render(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.source;
  if (typeof content === "object") return content.map(render).join("");
  return printable(String(content)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text in which web addresses are links. */
export function linked(text: string): Content {
  return text
    .split(/(https?:\/\/[^\s<>"'()]+)/)
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="${part}">${part.replace(/^https?:\/\//, "")}</a>` : part,
    );
}
