// Takes the place of the AWS SDK's reading of ~/.aws/config and ~/.aws/credentials. Lambda has none, and the SDK would look for
// them once for each client, in the cold start.

export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });
