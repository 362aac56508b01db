// The stack on one machine, step 1: what runs is read out of the synthesised template, so that it is what is deployed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { HoldfastStack } from "../holdfast-stack.ts";

type Resource = { readonly Type: string; readonly Properties: Record<string, unknown> };
export type Template = { readonly Resources: Readonly<Record<string, Resource>> };

export type LocalFunction = {
  /** As in `dist/functions/<name>`: the last part of the function's name. */
  readonly name: string;
  readonly functionName: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
};
export type LocalRoute = { readonly method: string; readonly path: string; readonly functionName: string };
export type LocalQueue = {
  readonly visibilitySeconds: number;
  readonly maxReceiveCount: number;
  readonly batchSize: number;
  readonly consumer: string;
};
export type LocalPlan = {
  readonly table: string;
  readonly functions: readonly LocalFunction[];
  readonly routes: readonly LocalRoute[];
  readonly queue: LocalQueue;
};

/** What stands for the resources that only AWS can name. */
export type LocalNames = { readonly queueUrl: string; readonly publicUrl: string };

/** The template of the stack for `project`; needs the bundles to be built. */
export function synthesise(bundles: string, project: string, policy: string | undefined): Template {
  const outdir = mkdtempSync(join(tmpdir(), "holdfast-synth-"));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    new HoldfastStack(app, "Holdfast", {
      stage: "local",
      projects: [project],
      bundles,
      ...(policy === undefined ? {} : { policy }),
    });
    return app.synth().getStackByName("holdfast-local").template as Template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export function planOf(template: Template, names: LocalNames): LocalPlan {
  const all = Object.entries(template.Resources);
  const ofType = (type: string) => all.filter(([, { Type }]) => Type === type);
  const [tableId] = onlyOne(ofType("AWS::DynamoDB::Table"), "table");
  const table = tableId;
  const textOf = resolver(template, { ...names, table });

  const functions = ofType("AWS::Lambda::Function").map(([id, { Properties: of }]): LocalFunction => {
    const functionName = String(of.FunctionName);
    const { Variables: variables = {} } = (of.Environment ?? {}) as { Variables?: Record<string, unknown> };
    const aliases = ofType("AWS::Lambda::Alias").filter(
      ([, { Properties }]) => refOf(Properties.FunctionName) === id,
    );
    return {
      name: functionName.split("-").at(-1) ?? functionName,
      functionName,
      timeoutSeconds: Number(of.Timeout),
      memoryMb: Number(of.MemorySize),
      environment: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, textOf(value)]),
      ),
      aliases: aliases.map(([, { Properties }]) => String(Properties.Name)),
    };
  });
  const functionOf = (id: string | undefined): string =>
    String(template.Resources[id ?? ""]?.Properties.FunctionName);

  const routes = ofType("AWS::ApiGatewayV2::Route").map(([, { Properties }]): LocalRoute => {
    const [method = "", path = ""] = String(Properties.RouteKey).split(" ");
    const integration = template.Resources[refsIn(Properties.Target)[0] ?? ""];
    return { method, path, functionName: functionOf(refsIn(integration?.Properties.IntegrationUri)[0]) };
  });

  const [, source] = onlyOne(ofType("AWS::Lambda::EventSourceMapping"), "event source");
  const queue = template.Resources[refsIn(source.Properties.EventSourceArn)[0] ?? ""]?.Properties ?? {};
  const redrive = (queue.RedrivePolicy ?? {}) as { maxReceiveCount?: number };
  return {
    table,
    functions,
    routes,
    queue: {
      visibilitySeconds: Number(queue.VisibilityTimeout ?? 30),
      maxReceiveCount: redrive.maxReceiveCount ?? 1,
      batchSize: Number(source.Properties.BatchSize ?? 1),
      consumer: functionOf(refOf(source.Properties.FunctionName)),
    },
  };
}

function resolver(template: Template, names: LocalNames & { readonly table: string }) {
  return (value: unknown): string => {
    if (typeof value === "string") return value;
    const [id] = refsIn(value);
    switch (template.Resources[id ?? ""]?.Type) {
      case "AWS::DynamoDB::Table":
        return names.table;
      case "AWS::SQS::Queue":
        return names.queueUrl;
      default:
        throw new Error(
          `the template refers to ${JSON.stringify(value)}, which has no stand-in on one machine`,
        );
    }
  };
}

const refOf = (value: unknown): string | undefined => refsIn(value)[0];

/** Logical ids that an intrinsic function names, in their order. */
function refsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly string[] => {
    if (key === "Ref" && typeof inner === "string") return inner.startsWith("AWS::") ? [] : [inner];
    if (key === "Fn::GetAtt" && Array.isArray(inner)) return [String(inner[0])];
    return refsIn(inner);
  });
}

function onlyOne<Item>(items: readonly Item[], what: string): Item {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`the template has ${items.length} of: ${what}`);
  return item;
}
