import type { ScanKey } from "../ledger/dynamo-scan.ts";

// A place in the table as its asker hands it back: hex with letters for digits, so that no digits of a key pass for a card number.

const letters = "abcdefghijklmnop";

export const cursorOf = ({ pk, sk }: ScanKey): string =>
  [...Buffer.from(JSON.stringify([pk, sk])).toString("hex")]
    .map((digit) => letters[Number.parseInt(digit, 16)])
    .join("");

/** @returns undefined for what is no cursor */
export function keyIn(cursor: string): ScanKey | undefined {
  const hex = [...cursor].map((letter) => letters.indexOf(letter).toString(16)).join("");
  try {
    const [pk, sk, ...others]: unknown[] = JSON.parse(Buffer.from(hex, "hex").toString());
    const isKey = typeof pk === "string" && pk !== "" && typeof sk === "number" && others.length === 0;
    return isKey ? { pk, sk } : undefined;
  } catch {
    return undefined;
  }
}
