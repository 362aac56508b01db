import { dateFilter } from "./date-filter.ts";
import { pageOf } from "./paging.ts";
import { always, invalid, json, notFound, type Planned } from "./reply.ts";
import { conferenceJson, participantJson } from "./resource-json.ts";
import { present } from "./resources.ts";
import { idAt, listPath, namedConference, type RestContext, type RestRequest } from "./rest-request.ts";

export function listConferences(context: RestContext, { query }: RestRequest): Planned {
  const { world, settings, now, project } = context;
  const room = query.get("FriendlyName");
  const status = query.get("Status");
  const created = dateFilter(query, "DateCreated");
  const updated = dateFilter(query, "DateUpdated");
  if (room !== null && room.length > 64) return always(invalid("FriendlyName has more than 64 characters"));
  if (status !== null && !["init", "in-progress", "completed"].includes(status)) {
    return always(invalid("Status must be one of init, in-progress, completed"));
  }
  if (created === undefined || updated === undefined) return always(invalid("a date cannot be read", 90000));
  const isNamed = (name: string): boolean =>
    room === null || (settings().roomMatch === "exact" ? name === room : name.startsWith(room));
  return {
    run: () =>
      pageOf({
        path: listPath(context, "Conferences"),
        query,
        key: "conferences",
        defaultPageSize: settings().pageSize,
        items: [...world.conferences.values()].filter(
          (one) =>
            one.knownFrom <= now() &&
            isNamed(one.room) &&
            (status === null || one.status === status) &&
            created(one.createdAt) &&
            updated(one.updatedAt),
        ),
        toJson: (conference) => conferenceJson(project, conference),
      }),
  };
}

export function getConference(context: RestContext, request: RestRequest): Planned {
  const conference = namedConference(context, request);
  if (conference === undefined) return always(notFound());
  return { run: () => json(200, conferenceJson(context.project, conference)) };
}

/** `Status=completed` ends it, `AnnounceUrl` is played to all who are in it. */
export function updateConference(context: RestContext, request: RestRequest): Planned {
  const conference = namedConference(context, request);
  if (conference === undefined) return always(notFound());
  const status = request.fields.get("Status");
  const announceUrl = request.fields.get("AnnounceUrl");
  const method = request.fields.get("AnnounceMethod") ?? "POST";
  if (status !== null && status !== "completed") return always(invalid("Status must be completed", 21475));
  if (announceUrl !== null && !URL.canParse(announceUrl)) return always(invalid("AnnounceUrl is not a URL"));
  if (method !== "GET" && method !== "POST") return always(invalid("AnnounceMethod must be GET or POST"));
  return {
    run: () => {
      if (conference.status === "completed") return invalid("The conference is over");
      if (announceUrl !== null) context.world.announce(conference, announceUrl, method);
      if (status !== null) context.world.end(conference);
      return json(200, conferenceJson(context.project, conference));
    },
  };
}

/** Those who are in it now. */
export function listParticipants(context: RestContext, request: RestRequest): Planned {
  const conference = namedConference(context, request);
  if (conference === undefined) return always(notFound());
  const { query } = request;
  const isWanted = (name: string): boolean => (query.get(name) ?? "false") === "false"; // nobody is muted or on hold
  return {
    run: () =>
      pageOf({
        path: listPath(context, `Conferences/${conference.sid}/Participants`),
        query,
        key: "participants",
        defaultPageSize: context.settings().pageSize,
        items: isWanted("Muted") && isWanted("Hold") ? present(conference) : [],
        toJson: (participant) => participantJson(context.project, conference, participant),
      }),
  };
}

export function getParticipant(context: RestContext, request: RestRequest): Planned {
  const conference = namedConference(context, request);
  const participant = conference?.participants.get(idAt(request, 1));
  if (conference === undefined || participant === undefined) return always(notFound());
  return {
    run: () => {
      const isHidden = participant.leftAt !== null && context.settings().leftParticipant === "404";
      return isHidden ? notFound() : json(200, participantJson(context.project, conference, participant));
    },
  };
}

/** Takes a participant out of the conference. */
export function deleteParticipant(context: RestContext, request: RestRequest): Planned {
  const conference = namedConference(context, request);
  const participant = conference?.participants.get(idAt(request, 1));
  if (conference === undefined || participant === undefined || participant.leftAt !== null) {
    return always(notFound());
  }
  return {
    run: () => {
      context.world.leave(conference, participant.call);
      return { status: 204 };
    },
  };
}
