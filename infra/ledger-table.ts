import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

/** The ledger and, in the same table, the directory. Evidence: it outlives the stack. */
export class LedgerTable extends Construct {
  readonly tableName: string;
  readonly #table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.NUMBER },
      timeToLiveAttribute: "expires",
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.tableName = this.#table.tableName;
  }

  /** Append and read, nothing else: what is written stays as it is until it expires. */
  grantAppendAndRead(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:PutItem", "dynamodb:Query"],
      resourceArns: [this.#table.tableArn],
    });
  }

  /** For evidence. An index by time instead would have to keep up with every append, and hold pauses up where it does not. */
  grantScan(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ["dynamodb:Scan"], resourceArns: [this.#table.tableArn] });
  }
}
