// What CloudWatch would make of the lines that the code writes: its embedded metric format, and an alarm held against it.

type Point = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly at: number;
  readonly value: number;
};

type Embedded = {
  readonly Timestamp: number;
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string }[];
  }[];
};

/** Every metric value in `output`, a process's lines. */
export function pointsIn(output: string): readonly Point[] {
  return output.split("\n").flatMap((line) => {
    if (!line.includes('"_aws"')) return [];
    const { _aws: embedded, ...rest }: { _aws: Embedded; [name: string]: unknown } = JSON.parse(line);
    return embedded.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.flatMap(({ Name }) =>
          [rest[Name]].flat().map((value) => ({
            namespace: Namespace,
            name: Name,
            dimensions: Object.fromEntries(names.map((name) => [name, String(rest[name])])),
            at: embedded.Timestamp,
            value: Number(value),
          })),
        ),
      ),
    );
  });
}

/** An alarm in the template, as far as it is held against something here. */
export type AlarmProperties = {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic: string;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly AlarmActions?: readonly unknown[];
  readonly ActionsEnabled?: boolean;
};

/** Whether the alarm goes off: at one period whose sum reaches the threshold. `textOf` resolves what the template refers to. */
export function goesOff(
  alarm: AlarmProperties,
  points: readonly Point[],
  textOf: (value: unknown) => string,
): boolean {
  if (alarm.Statistic !== "Sum" || alarm.EvaluationPeriods !== 1) throw new Error("not evaluated here");
  if (alarm.ComparisonOperator !== "GreaterThanOrEqualToThreshold") throw new Error("not evaluated here");
  const wanted = Object.fromEntries((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name, textOf(Value)]));
  const sums = new Map<number, number>();
  for (const { namespace, name, dimensions, at, value } of points) {
    if (namespace !== alarm.Namespace || name !== alarm.MetricName) continue;
    // CloudWatch keeps a metric for each set of dimensions: one more or one less is another metric.
    if (JSON.stringify(dimensions) !== JSON.stringify(wanted)) continue;
    const period = Math.floor(at / 1000 / alarm.Period);
    sums.set(period, (sums.get(period) ?? 0) + value);
  }
  return [...sums.values()].some((sum) => sum >= alarm.Threshold);
}
