import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  PeriodOverride,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { AlarmName, MeasureName } from "../functions/config.ts";
import type { Platform } from "./alarms/platform-alarms.ts";
import { ownMetric } from "./own-metric.ts";

export type DashboardProps = Platform & {
  readonly stage: string;
  /** The value of our metrics' one dimension: functions/config.ts. */
  readonly service: string;
  readonly alarms: readonly IAlarm[];
};

const period = Duration.minutes(1);
const width = 8;
const half = { width: 12 };

/** What goes on, for whoever was woken up and for whoever wants to know whether anybody will be. */
export class Dashboard extends Construct {
  readonly name: string;
  readonly #props: DashboardProps;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.#props = props;
    this.name = `holdfast-${props.stage}`;
    new CloudWatchDashboard(this, "Dashboard", {
      dashboardName: this.name,
      defaultInterval: Duration.hours(12),
      periodOverride: PeriodOverride.AUTO,
      widgets: [
        [new AlarmStatusWidget({ title: "Alarms", alarms: [...props.alarms], width: 24, height: 4 })],
        this.#pauses(),
        this.#commands(),
        this.#watch(),
        this.#functions(),
      ],
    });
  }

  #pauses(): GraphWidget[] {
    return [
      graph("From trigger to pause on the wire, ms", this.#percentiles("time-to-pause"), half),
      graph("From trigger to confirmed pause (exposure), ms", this.#percentiles("exposure"), half),
    ];
  }

  #commands(): GraphWidget[] {
    return [
      graph("Holds and confirmations", this.#counts("holds-placed", "pauses-confirmed")),
      graph("Exposed", this.#counts("not-confirmed", "pause-overdue", "found-running")),
      graph(
        "Refused and turned away",
        this.#counts("commands-refused", "commands-unavailable", "deliveries-rejected", "bad-signature"),
      ),
    ];
  }

  #watch(): GraphWidget[] {
    const { checks, undeliveredEvents, webhooks } = this.#props;
    const dead = { period, statistic: "Maximum" };
    const lost = undeliveredEvents === undefined ? [] : [undeliveredEvents];
    return [
      graph("Oldest check, s", [
        checks.waiting.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum", label: "age" }),
      ]),
      graph("Dead letters", [
        checks.deadLetters.metricApproximateNumberOfMessagesVisible({ ...dead, label: "checks" }),
        ...lost.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ ...dead, label: "events" })),
      ]),
      graph("API Gateway", [webhooks.serverErrors, webhooks.clientErrors]),
    ];
  }

  #functions(): GraphWidget[] {
    const all = Object.entries(this.#props.functions);
    const sum = (label: string) => ({ period, statistic: "Sum", label });
    return [
      graph(
        "Errors",
        all.map(([name, handler]) => handler.metricErrors(sum(name))),
      ),
      graph(
        "Throttled",
        all.map(([name, handler]) => handler.metricThrottles(sum(name))),
      ),
      graph(
        "Duration p99, ms",
        all.map(([name, handler]) => handler.metricDuration({ period, statistic: "p99", label: name })),
      ),
    ];
  }

  #percentiles(name: MeasureName): readonly IMetric[] {
    return ["p50", "p95", "p99"].map((statistic) =>
      ownMetric(name, this.#props.service, { period, statistic, label: statistic }),
    );
  }

  #counts(...names: readonly (AlarmName | MeasureName)[]): readonly IMetric[] {
    return names.map((name) =>
      ownMetric(name, this.#props.service, { period, statistic: "Sum", label: name }),
    );
  }
}

const graph = (title: string, left: readonly IMetric[], size: { readonly width?: number } = {}) =>
  new GraphWidget({ title, left: [...left], leftYAxis: { min: 0 }, width, ...size });
