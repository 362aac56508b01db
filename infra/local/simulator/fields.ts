/** The fields of a form or of a JSON object; SignalWire's own clients send either. */
export function fieldsOf(contentType: string | undefined, text: string): URLSearchParams {
  if (!contentType?.toLowerCase().startsWith("application/json")) return new URLSearchParams(text);
  const value: unknown = parseJson(text);
  if (typeof value !== "object" || value === null) return new URLSearchParams();
  return new URLSearchParams(
    Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)])),
  );
}

/** @returns undefined where it is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
