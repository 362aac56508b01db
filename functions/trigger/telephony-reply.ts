import { type Cxml, responseOf } from "./cxml.ts";
import type { Told } from "./delivery.ts";
import type { Handled, HttpReply } from "./http-chain.ts";
import type { ProvenForm } from "./telephony-proof.ts";

export const xml = (body: string): HttpReply => ({
  statusCode: 200,
  headers: { "content-type": "text/xml; charset=utf-8" },
  body,
});

export const spoken = (proven: ProvenForm, ...verbs: readonly Cxml[]): Handled => ({
  reply: xml(responseOf(...verbs)),
  told: told(proven),
});

export const told = ({ path, project }: ProvenForm): Told => ({ route: path, source: "telephony", project });
