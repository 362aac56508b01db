/** What happened in a call. `keys`: how many were pressed; `tookMs`: from the question to its whole answer. */
export type Happening =
  | { readonly did: "asked"; readonly url: string; readonly status: number; readonly tookMs: number }
  | { readonly did: "heard"; readonly text: string }
  | { readonly did: "joined" | "left"; readonly conference: string; readonly room: string }
  | { readonly did: "pressed"; readonly keys: number }
  | { readonly did: "failed"; readonly why: string }
  | { readonly did: "ended" };

/** In the order of happening; `at`: milliseconds since 1970, of what was asked the time of the asking. */
export type Step = Happening & { readonly at: number };
