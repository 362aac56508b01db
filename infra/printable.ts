/** Text for a terminal. An actor's name is free text and must not move its reader's cursor. */
export const printable = (text: string): string => text.replaceAll(/[^\P{C}\n]/gu, "\u00b7");

/** JSON for a terminal, and the same value still: what would move a cursor stands there by its number. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/[^\P{C}\n]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
