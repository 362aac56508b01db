// From the source to a CloudFormation template; `cdk synth` and `cdk deploy` run this.
import { App } from "aws-cdk-lib";
import { build, bundles } from "./build.ts";
import { HoldfastStack } from "./holdfast-stack.ts";
import { settingsFrom } from "./settings.ts";

// Always, so that what is deployed is what the source says.
await build();

const app = new App();
new HoldfastStack(app, "Holdfast", { ...settingsFrom(app.node), bundles });
app.synth();
