import { XMLParser, XMLValidator } from "fast-xml-parser";

/** One element of a cXML document. */
export type Verb = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Verb[];
  /** Its own text, without white space around it. */
  readonly text: string;
};

/** SignalWire would not go on with this document. */
export class CxmlError extends Error {
  override readonly name = "CxmlError";
}

const maxBytes = 64 * 1024;
const contentTypes = new Set(["text/xml", "application/xml"]);
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  htmlEntities: true,
});

/**
 * The verbs of a document, from first to last.
 * @throws CxmlError where it is not XML by type and by content, larger than 64 kB, or anything but one Response
 */
export function parseCxml(contentType: string, document: string): readonly Verb[] {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!contentTypes.has(type)) throw new CxmlError(`a document of type ${type === "" ? "unknown" : type}`);
  if (Buffer.byteLength(document) > maxBytes) throw new CxmlError("a document of more than 64 kB");
  const validity = XMLValidator.validate(document);
  if (validity !== true) throw new CxmlError(`not XML: ${validity.err.msg}`);
  const parsed: unknown = parser.parse(document);
  const roots = elementsIn(parsed).filter(({ name }) => !name.startsWith("?"));
  const [root] = roots;
  if (roots.length !== 1 || root?.name !== "Response") throw new CxmlError("not one Response");
  return root.children;
}

const attributesKey = ":@";
const textKey = "#text";

function elementsIn(nodes: unknown): readonly Verb[] {
  return entriesOf(nodes).flatMap(({ name, content, attributes }): readonly Verb[] => {
    if (name === textKey) return [];
    const texts = entriesOf(content).filter((inner) => inner.name === textKey);
    const text = texts.map((inner) => String(inner.content)).join(" ");
    return [{ name, attributes, children: elementsIn(content), text: text.trim() }];
  });
}

type Node = { readonly name: string; readonly content: unknown; readonly attributes: Verb["attributes"] };

/** The parser's nodes: objects with one key that is the name, and attributes beside it. */
function entriesOf(nodes: unknown): readonly Node[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: object): readonly Node[] => {
    const fields = new Map<string, unknown>(Object.entries(node));
    const attributes = Object.entries(fields.get(attributesKey) ?? {}).map(([name, value]) => [
      name,
      String(value),
    ]);
    fields.delete(attributesKey);
    return [...fields].map(([name, content]) => ({
      name,
      content,
      attributes: Object.fromEntries(attributes),
    }));
  });
}
