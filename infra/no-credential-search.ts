// Takes the place of the AWS SDK's search for credentials in files, in processes and on the network. The functions give
// their clients the credentials that Lambda puts into the environment: the search is 100 KB that nothing would reach.

/** The search's one export that the clients import. */
export const defaultProvider = () => async (): Promise<never> => {
  throw new Error("an AWS client was made without credentials");
};
