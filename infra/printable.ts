/** Text for a terminal. An actor's name is free text and must not move its reader's cursor. */
export const printable = (text: string): string => text.replaceAll(/[^\P{C}\n]/gu, "\u00b7");
