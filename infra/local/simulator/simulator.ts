// A SignalWire for one machine: its REST API as documented, its webhooks, and on demand its failures.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { close, listen, readBody } from "../http.ts";
import { callbackOf } from "./callback-params.ts";
import { Callbacks } from "./callbacks.ts";
import { carryOut, send } from "./carry-out.ts";
import { type Clock, realClock } from "./clock.ts";
import { type AddedConference, addConference } from "./control.ts";
import { controlRoutes } from "./control-api.ts";
import type { ConferenceInput } from "./control-inputs.ts";
import { answerControl } from "./control-server.ts";
import { Credentials } from "./credentials.ts";
import { fieldsOf } from "./fields.ts";
import { listing } from "./listing.ts";
import { Misbehaviours } from "./misbehaviour.ts";
import { Phones } from "./phones.ts";
import { RequestLog } from "./request-log.ts";
import { conferenceOfPath, planRequest } from "./rest-api.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { noteSimulator } from "./whereabouts.ts";
import { World } from "./world.ts";

export type SimulatorOptions = {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** AccountSid, a UUID. */
  readonly project: string;
  readonly apiToken: string;
  readonly signingKey: string;
  /** The host that recording URLs name; the simulator itself where left out. */
  readonly spaceHost?: string;
  readonly settings?: Partial<Settings>;
  readonly clock?: Clock;
  /** 0 to 1, for misbehaviours with a probability. */
  readonly random?: () => number;
};

export type Simulator = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** See control-api.ts for what it takes and what is the default. */
  addConference(input?: ConferenceInput): AddedConference;
  readonly world: World;
  readonly requests: RequestLog;
  readonly misbehaviours: Misbehaviours;
  readonly callbacks: Callbacks;
  readonly credentials: Credentials;
  readonly phones: Phones;
  /** Fulfilled when no callback and no announcement is under way. */
  settled(): Promise<void>;
  settings(): Settings;
  changeSettings(changes: Readonly<Record<string, unknown>>): Settings;
  close(): Promise<void>;
};

/** Listens on 127.0.0.1. Rejects where the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { apiToken, signingKey, spaceHost, clock = realClock, random = Math.random } = options;
  const project = options.project.toLowerCase();
  let settings: Settings = settingsSchema.parse(options.settings ?? {});
  let url = "";
  const now = clock.now;
  const world = new World(now, () => settings);
  const credentials = new Credentials(project, apiToken, signingKey);
  const requests = new RequestLog();
  const misbehaviours = new Misbehaviours(random);
  const callbacks = new Callbacks(credentials, () => settings, clock);
  const changeSettings = (changes: Readonly<Record<string, unknown>>): Settings => {
    settings = settingsSchema.parse({ ...settings, ...changes });
    return settings;
  };
  const context = { project, world, settings: () => settings, now };
  const mediaOrigin = () => (spaceHost === undefined ? url : `https://${spaceHost}`);
  world.listen((event) => {
    const callback = callbackOf({ ...context, mediaOrigin }, event);
    if (callback) callbacks.deliver(callback.target, callback.params);
  });

  const phones = new Phones({ ...context, signingKey: () => credentials.signingKey });
  const settled = async () => {
    await phones.settled();
    await callbacks.settled();
  };

  const server = createServer((request, response) => {
    const answering = isControl(request) ? control(request, response) : rest(request, response);
    answering.catch(() => response.destroy());
  });
  const closeIdleConnections = () => server.closeIdleConnections();
  const parts = {
    world,
    clock,
    credentials,
    requests,
    misbehaviours,
    callbacks,
    phones,
    settings: () => settings,
  };
  const routes = controlRoutes({ ...parts, changeSettings, settled, closeIdleConnections });

  async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET" && /^\/_simulator\/?$/.test(request.url ?? "")) {
      const shown = { url, project, world, misbehaviours: misbehaviours.all(), requests: requests.all() };
      const body = listing({ ...shown, routes: Object.keys(routes) });
      return send(response, { status: 200, contentType: "text/plain; charset=utf-8", body });
    }
    send(response, await answerControl(routes, request));
  }

  async function rest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "" } = request;
    const { authorization, "content-type": contentType } = request.headers;
    const at = now();
    const fields = fieldsOf(contentType, (await readBody(request)).toString());
    const planned = planRequest(context, credentials, { method, url: path, authorization, fields });
    const isUpdate = planned.pretend !== undefined;
    const met = misbehaviours.meet({ method, path, status: fields.get("Status"), isUpdate });
    const entry = requests.add({
      at,
      method,
      path,
      form: Object.fromEntries(fields),
      authorized: credentials.accepts(authorization),
      misbehaviours: [...met.adding, ...(met.deciding ? [met.deciding] : [])].map(({ kind }) => kind),
    });
    const startRecording = (status: string | undefined) => {
      const conference = conferenceOfPath(world, path);
      if (conference) world.record(conference, status === undefined ? {} : { status });
    };
    entry.status = await carryOut(planned, met, response, { clock, startRecording });
  }

  const { port } = await listen(server, options.port ?? 0);
  url = `http://127.0.0.1:${port}`;
  const forget = noteSimulator(url, project);
  return {
    url,
    addConference: (input = {}) => addConference(world, input),
    world,
    requests,
    misbehaviours,
    callbacks,
    credentials,
    phones,
    settled,
    settings: () => settings,
    changeSettings,
    close: () => {
      forget();
      callbacks.close();
      phones.clear();
      return close(server);
    },
  };
}

const isControl = ({ url = "" }: IncomingMessage): boolean => /^\/_simulator(?:[/?]|$)/.test(url);
