// cXML, SignalWire's answers to a call. Everything that is not markup goes through `escaped`.

type Attributes = { readonly [name: string]: string | boolean | number | undefined };

/** A piece of markup, well-formed by construction. */
export type Cxml = { readonly markup: string };

// What XML 1.0 does not allow in a document, escaped or not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(illegal, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;")
    .replace(/[\t\n\r]/g, (white) => `&#${white.charCodeAt(0)};`);
}

/** One element; a child that is a text is escaped. */
export function element(name: string, attributes: Attributes, ...children: readonly (Cxml | string)[]): Cxml {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join("");
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : child.markup)).join("");
  return { markup: inner === "" ? `<${name}${given}/>` : `<${name}${given}>${inner}</${name}>` };
}

/** The whole document. */
export const responseOf = (...verbs: readonly Cxml[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${element("Response", {}, ...verbs).markup}`;
