/** The fields of a form in their order, repeated ones included. */
export type Form = readonly (readonly [name: string, value: string])[];

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Undefined where the bytes are not UTF-8 or an escape is malformed: what cannot be read exactly cannot be proven. */
export function parseForm(body: Uint8Array): Form | undefined {
  try {
    const text = utf8.decode(body);
    if (text === "") return [];
    return text.split("&").map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decoded(name), decoded(value)] as const;
    });
  } catch {
    return undefined;
  }
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));

/** The value of a field that stands there exactly once. */
export function fieldOf(form: Form, name: string): string | undefined {
  const values = form.filter(([key]) => key === name);
  return values.length === 1 ? values[0]?.[1] : undefined;
}
