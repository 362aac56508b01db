import type { Conference, Recording } from "./world.ts";

// The bodies of SignalWire's answers, with every documented field ("Compatibility API", SignalWire's OpenAPI description).

/** Dates are RFC 2822. */
const rfc2822 = (date: Date): string => date.toUTCString().replace("GMT", "+0000");

export function recordingBody(base: string, account: string, of: Recording): object {
  const path = of.call === undefined ? `Conferences/${of.conference}` : `Calls/${of.call}`;
  const uri = `${base}/${path}/Recordings/${of.sid}`;
  return {
    sid: of.sid,
    account_sid: account,
    api_version: "2010-04-01",
    call_sid: of.call ?? null,
    conference_sid: of.conference ?? null,
    channel: "1",
    channels: "1",
    date_created: rfc2822(of.createdAt),
    date_updated: rfc2822(of.changedAt),
    start_time: rfc2822(of.createdAt),
    end_time: ["stopped", "completed", "absent"].includes(of.status) ? rfc2822(of.changedAt) : null,
    duration: Math.floor((of.changedAt.getTime() - of.createdAt.getTime()) / 1000),
    price: null,
    price_unit: "USD",
    source: of.call === undefined ? "Conference" : "StartCallRecordingAPI",
    status: of.status,
    error_code: null,
    uri: `${uri}.json`,
    subresource_uris: { transcriptions: `${uri}/Transcriptions.json` },
    encryption_details: null,
    trim: "do-not-trim",
  };
}

export function conferenceBody(base: string, account: string, of: Conference): object {
  const uri = `${base}/Conferences/${of.sid}`;
  return {
    sid: of.sid,
    account_sid: account,
    date_created: rfc2822(of.createdAt),
    date_updated: rfc2822(of.createdAt),
    friendly_name: of.room,
    status: of.status,
    api_version: "2010-04-01",
    region: "us1",
    uri: `${uri}.json`,
    subresource_uris: { participants: `${uri}/Participants.json`, recordings: `${uri}/Recordings.json` },
  };
}

export function participantBody(base: string, account: string, conference: Conference, call: string): object {
  return {
    call_sid: call,
    conference_sid: conference.sid,
    account_sid: account,
    date_created: rfc2822(conference.createdAt),
    date_updated: rfc2822(conference.createdAt),
    muted: false,
    hold: false,
    coaching: false,
    call_sid_to_coach: null,
    start_conference_on_enter: true,
    end_conference_on_exit: false,
    status: "connected",
    api_version: "2010-04-01",
    uri: `${base}/Conferences/${conference.sid}/Participants/${call}.json`,
  };
}

/** One page of `items` under `key`; the next one's URI is a relative path with a page token. */
export function pageOf(key: string, items: readonly object[], path: string, query: URLSearchParams): object {
  const size = Math.min(1000, Math.max(1, Number(query.get("PageSize") ?? 50) || 50));
  const page = Math.max(0, Number(query.get("Page") ?? 0) || 0);
  const link = (number: number): string => {
    const linked = new URLSearchParams(query);
    linked.set("Page", String(number));
    linked.set("PageSize", String(size));
    linked.set("PageToken", `PA${number}`);
    return `${path}?${linked}`;
  };
  return {
    uri: `${path}?${query}`,
    first_page_uri: `${path}?Page=0&PageSize=${size}`,
    next_page_uri: (page + 1) * size < items.length ? link(page + 1) : null,
    previous_page_uri: page > 0 ? link(page - 1) : null,
    page,
    page_size: size,
    [key]: items.slice(page * size, (page + 1) * size),
  };
}

/** The error object; the 422 of a conference recording has another shape, an array of strings. */
export const problemBody = (status: number, code: number, message: string): object => ({
  code,
  message,
  more_info: `https://developer.signalwire.com/compatibility-api/error-codes#${code}`,
  status,
});
