import type { ActiveMisbehaviour } from "./misbehaviour.ts";
import type { LoggedRequest } from "./request-log.ts";
import { present } from "./resources.ts";
import type { World } from "./world.ts";

const shownRequests = 30;

type Shown = {
  readonly url: string;
  readonly project: string;
  readonly world: World;
  readonly misbehaviours: readonly ActiveMisbehaviour[];
  readonly requests: readonly LoggedRequest[];
  readonly routes: readonly string[];
};

/** Everything that is going on, to be read by people. */
export function listing({ url, project, world, misbehaviours, requests, routes }: Shown): string {
  const recordingsOf = (owner: "conference" | "call", sid: string): readonly string[] =>
    [...world.recordings.values()]
      .filter((one) => one[owner] === sid)
      .map((one) => `recording ${one.sid}  ${one.status}${one.stuck ? "  (stuck)" : ""}`);
  const conferences = [...world.conferences.values()].flatMap((conference) => [
    `${conference.sid}  ${conference.room}  ${conference.status}`,
    ...recordingsOf("conference", conference.sid).map((line) => `  ${line}`),
    ...present(conference).flatMap(({ call }) => [
      `  call ${call}`,
      ...recordingsOf("call", call).map((line) => `    ${line}`),
    ]),
  ]);
  const latest = requests
    .slice(-shownRequests)
    .map(({ at, method, path, form, status }) =>
      [
        new Date(at).toISOString(),
        method,
        path,
        ...nonEmpty(new URLSearchParams(form).toString()),
        status ?? "-",
      ].join("  "),
    );
  return `${[
    `A SignalWire for one machine, at ${url}, project ${project}`,
    ...section("Conferences", conferences),
    ...section(
      "Misbehaviours",
      misbehaviours.map((one) => JSON.stringify(one)),
    ),
    ...section(`Latest requests (of ${requests.length})`, latest),
    ...section("Control", routes),
  ].join("\n")}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] => [
  "",
  title,
  ...(lines.length === 0 ? ["  none"] : lines.map((line) => `  ${line}`)),
];

const nonEmpty = (text: string): readonly string[] => (text === "" ? [] : [text]);
