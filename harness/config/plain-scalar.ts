import { type Document, Scalar, visit } from "yaml";

/** A scalar without quotes: what YAML makes of it depends on the field that it is for. */
class PlainScalar {
  readonly source: string;
  readonly value: unknown;

  constructor(source: string, value: unknown) {
    this.source = source;
    this.value = value;
  }

  /** For error texts: as the user wrote it. */
  toJSON(): unknown {
    return this.value;
  }
}

/** Keeps how each scalar without quotes was written, until the type of its field is known. A key is text, whatever it is. */
export function keepSources(document: Document): void {
  visit(document, {
    Scalar(key, node) {
      if (node.type !== Scalar.PLAIN || node.source === undefined || node.value === null) return;
      node.value = key === "key" ? node.source : new PlainScalar(node.source, node.value);
    },
  });
}

/** Text takes a scalar as it is written: `true` is the text "true", and 007 is "007". */
export function asText(value: unknown): unknown {
  return value instanceof PlainScalar ? value.source : value;
}

const TRUE = /^(true|True|TRUE|y|Y|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(false|False|FALSE|n|N|no|No|NO|off|Off|OFF)$/;

/** A boolean takes YAML 1.1's words as well, and those in quotes too, but for "true" and "false" themselves. */
export function asBoolean(value: unknown): unknown {
  const source = value instanceof PlainScalar ? value.source : value;
  if (typeof source !== "string") return value;
  if (!(value instanceof PlainScalar) && /^(true|false)$/i.test(source)) return value;
  if (TRUE.test(source)) return true;
  return FALSE.test(source) ? false : value;
}

/** A whole number may have underscores, be octal (0777), hexadecimal or binary; kind cuts the fraction off a decimal one. */
export function asWholeNumber(value: unknown): unknown {
  if (!(value instanceof PlainScalar)) return value;
  const digits = value.source.replaceAll("_", "");
  const octal = /^([-+]?)0o?([0-7]+)$/.exec(digits);
  if (octal) return Number.parseInt(`${octal[1]}${octal[2]}`, 8);
  const based = /^([-+]?)(0[xXbB].+)$/.exec(digits);
  const number = based ? Number(`${based[1]}1`) * Number(based[2]) : Number(digits || Number.NaN);
  return Number.isFinite(number) ? Math.trunc(number) : value;
}
