// A query as a link, and back: ?query=…&variables=…&operationName=…, as other GraphiQLs write and read it.

/** The query that the page was opened with, as a tab of GraphiQL; undefined if there is none. */
export function shared(search) {
  const given = new URLSearchParams(search);
  // `q` is what the server prints when it starts, and Strawberry's page takes.
  const query = given.get("query") || given.get("q");
  if (!query) return undefined;
  return { query, variables: given.get("variables") || "", operationName: given.get("operationName") || undefined };
}

/** The address of this page that opens it with the query; what is empty is left out. */
export function link(address, { query, variables, operationName }) {
  const page = new URL(address);
  page.hash = "";
  page.search = new URLSearchParams(
    Object.entries({ query, variables, operationName }).filter(([, value]) => value?.trim()),
  );
  return page.href;
}
