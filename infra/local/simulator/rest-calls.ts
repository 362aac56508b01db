import { always, json, notFound, type Planned } from "./reply.ts";
import { callJson } from "./resource-json.ts";
import { idAt, type RestContext, type RestRequest } from "./rest-request.ts";

export function getCall(context: RestContext, request: RestRequest): Planned {
  const call = context.world.calls.get(idAt(request, 0));
  return call === undefined ? always(notFound()) : { run: () => json(200, callJson(context.project, call)) };
}
