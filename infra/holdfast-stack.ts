// The cloud side of the flow, in its order: what proves and reads triggers, what remembers, what looks again, who is told.
import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { Alarms } from "./alarms.ts";
import { CheckQueue, checkTimeout } from "./check-queue.ts";
import { ComplianceEvents } from "./compliance-events.ts";
import { addRightAliases } from "./control-aliases.ts";
import { Dashboard } from "./dashboard.ts";
import { HoldfastFunction } from "./holdfast-function.ts";
import { LedgerTable } from "./ledger-table.ts";
import { placeholderProject, refuseDeployment } from "./placeholder-project.ts";
import { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { Webhooks } from "./webhooks.ts";

export type HoldfastStackProps = Settings & {
  /** Where the built functions are, one folder each. */
  readonly bundles: string;
};

export class HoldfastStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { stage, policy, publicUrl, eventRules = [], bundles, ...props }: HoldfastStackProps,
  ) {
    super(scope, id, {
      stackName: `holdfast-${stage}`,
      description: "Holdfast: pauses, resumes and stops SignalWire conference recordings, and proves it",
    });
    if (props.projects.length === 0) refuseDeployment(this);
    const projects = props.projects.length === 0 ? [placeholderProject] : props.projects;

    const secrets = new Secrets(this, "Secrets", { stage, projects });
    const ledger = new LedgerTable(this, "Ledger");
    const checks = new CheckQueue(this, "Checks");

    const everywhere = {
      HOLDFAST_LEDGER_TABLE: ledger.tableName,
      HOLDFAST_CHECK_QUEUE_URL: checks.queueUrl,
      HOLDFAST_SIGNALWIRE_SECRETS: secrets.signalwirePrefix,
      HOLDFAST_PROJECTS: projects.join(","),
      HOLDFAST_POLICY: policy,
    };

    const telephony = new HoldfastFunction(this, "Telephony", {
      stage,
      bundles,
      name: "telephony",
      description: "SignalWire's webhooks: pressed digits, menus, conference and recording callbacks",
      timeout: Duration.seconds(6),
      environment: {
        ...everywhere,
        HOLDFAST_LINK_SECRET: secrets.linkName,
        HOLDFAST_PUBLIC_URL: publicUrl,
      },
    });
    const signals = new HoldfastFunction(this, "Signals", {
      stage,
      bundles,
      name: "signals",
      description: "Signed signals of compliance systems",
      timeout: Duration.seconds(10),
      environment: { ...everywhere, HOLDFAST_SENDERS_SECRET: secrets.sendersName },
    });
    const control = new HoldfastFunction(this, "Control", {
      stage,
      bundles,
      name: "control",
      description: "Commands and questions of operators, by direct invocation; one alias for each right",
      timeout: Duration.seconds(15),
      environment: everywhere,
    });
    const check = new HoldfastFunction(this, "Check", {
      stage,
      bundles,
      name: "check",
      description: "Looks at a conference again until there is nothing left to watch",
      timeout: checkTimeout,
      environment: everywhere,
      // A check puts the next one on its own queue. Lambda takes that for a runaway loop and ends it after 16 rounds.
      recursiveLoop: RecursiveLoop.ALLOW,
    });

    const functions = { telephony, signals, control, check };
    for (const handler of Object.values(functions)) {
      ledger.grantAppendAndRead(handler);
      checks.grantSend(handler);
      secrets.grantReadSignalwire(handler);
    }
    ledger.grantScan(control);
    secrets.grantReadLink(telephony);
    secrets.grantReadSenders(signals);
    checks.deliverTo(check);

    const webhooks = new Webhooks(this, "Webhooks", { stage, telephony, signals });
    const aliases = addRightAliases(control);
    const events =
      eventRules.length === 0
        ? undefined
        : new ComplianceEvents(this, "Events", { stage, rules: eventRules, aliases });
    const watched = {
      stage,
      service: ledger.tableName,
      functions,
      checks,
      webhooks,
      undeliveredEvents: events?.undelivered,
    };
    const alarms = new Alarms(this, "Alarms", watched);
    const dashboard = new Dashboard(this, "Overview", { ...watched, alarms: alarms.all });

    this.#output({
      Url: webhooks.url,
      TelephonyFunction: telephony.functionName,
      SignalsFunction: signals.functionName,
      ControlFunction: control.functionName,
      CheckFunction: check.functionName,
      ControlHold: aliases.hold.functionArn,
      ControlRelease: aliases.release.functionArn,
      ControlStop: aliases.stop.functionArn,
      ControlRead: aliases.read.functionArn,
      SignalwireSecrets: projects.map((project) => `${secrets.signalwirePrefix}${project}`).join(","),
      LinkSecret: secrets.linkName,
      SendersSecret: secrets.sendersName,
      LedgerTable: ledger.tableName,
      CheckQueueUrl: checks.queueUrl,
      AlarmTopic: alarms.topicArn,
      Dashboard: dashboard.name,
      CloudFrontAndWaf:
        `Optional, README "CloudFront and WAF in front": an origin ${webhooks.url} with AllViewerExceptHostHeader and ` +
        "without a cache, then deploy again with --context publicUrl=https://<its name>, because that is what is signed. " +
        "The origin stays open beside it until its execute-api endpoint is disabled.",
    });
  }

  #output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
