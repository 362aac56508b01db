import { Validations } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { CfnSecret, type CfnSecretProps } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

export type SecretsProps = { readonly stage: string; readonly projects: readonly string[] };

/**
 * The secrets by name. Except for the generated one they are created without a value, which refuses everything until
 * the owner fills them in: what CloudFormation never wrote it never writes again over what was filled in.
 */
export class Secrets extends Construct {
  /** Followed by an AccountSid it is the name of that project's secret. */
  readonly signalwirePrefix: string;
  readonly linkName: string;
  readonly sendersName: string;
  readonly #signalwire: readonly CfnSecret[];
  readonly #link: CfnSecret;
  readonly #senders: CfnSecret;

  constructor(scope: Construct, id: string, { stage, projects }: SecretsProps) {
    super(scope, id);
    this.signalwirePrefix = `holdfast/${stage}/signalwire/`;
    this.linkName = `holdfast/${stage}/links`;
    this.sendersName = `holdfast/${stage}/senders`;
    this.#signalwire = projects.map((project) =>
      this.#secret(
        `Signalwire-${project}`,
        "SignalWire issues new tokens and signing keys in its dashboard only.",
        {
          name: `${this.signalwirePrefix}${project}`,
          description:
            'To fill in: {"space": "example.signalwire.com", "apiToken": "...", "signingKeys": ["PSK_..."]}',
        },
      ),
    );
    this.#link = this.#secret("Links", "A new key would break the menus of the calls that are running.", {
      name: this.linkName,
      description: "Key of the URLs that Holdfast renders itself. Generated, nothing to fill in.",
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    this.#senders = this.#secret("Senders", "Each sender has to be given its new secret first.", {
      name: this.sendersName,
      description:
        'To fill in: {"<sender>": {"secrets": ["whsec_..."], "allow": ["pause", "resume", "stop"]}}',
    });
  }

  grantReadSignalwire(grantee: IGrantable): void {
    grantRead(grantee, this.#signalwire);
  }

  grantReadLink(grantee: IGrantable): void {
    grantRead(grantee, [this.#link]);
  }

  grantReadSenders(grantee: IGrantable): void {
    grantRead(grantee, [this.#senders]);
  }

  // CDK's own Secret generates a value where none is given, so that the next change to it would overwrite the owner's.
  #secret(id: string, whyNotRotated: string, props: CfnSecretProps): CfnSecret {
    const secret = new CfnSecret(this, id, props);
    Validations.of(secret).acknowledge({ id: "AwsSolutions-SMG4", reason: whyNotRotated });
    return secret;
  }
}

function grantRead(grantee: IGrantable, secrets: readonly CfnSecret[]): void {
  Grant.addToPrincipal({
    grantee,
    actions: ["secretsmanager:GetSecretValue"],
    resourceArns: secrets.map(({ ref }) => ref),
  });
}
