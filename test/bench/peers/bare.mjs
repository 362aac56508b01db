// What a README shows: a handler that calls the SDK.
export const bare = (pause) => async () => {
  await pause();
  return { statusCode: 200 };
};
