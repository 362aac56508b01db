// Runs in each function's process: the part of Lambda's runtime that asks for invocations and hands them to the handler
// ("Using the Lambda runtime API", AWS Lambda Developer Guide). Plain JavaScript, so that nothing but the bundle is loaded.

// An import of it would load undici, which takes longer than all else here.
const { Agent, request } = process.getBuiltinModule("node:http");

const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, { method, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const errorOf = (error) =>
  JSON.stringify({
    errorType: error?.name ?? "Error",
    errorMessage: error?.message ?? String(error),
    trace: String(error?.stack ?? "").split("\n"),
  });

let handler;
try {
  ({ handler } = await import(process.env.HOLDFAST_LOCAL_BUNDLE));
} catch (error) {
  await call("POST", "/init/error", errorOf(error));
  process.exit(1);
}

for (;;) {
  // Without the stack there is nobody to run for.
  const { headers, body } = await call("GET", "/invocation/next").catch(() => process.exit(0));
  const id = headers["lambda-runtime-aws-request-id"];
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const context = {
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: `/aws/lambda/${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    logStreamName: "local",
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    const answer = await handler(JSON.parse(body), context);
    await call("POST", `/invocation/${id}/response`, JSON.stringify(answer ?? null));
  } catch (error) {
    await call("POST", `/invocation/${id}/error`, errorOf(error));
  }
}
