// Relay without React: what its compiler made of relay/profile.js, run by its network and store. The first page is asked
// for by slug, the next ones by the query that the compiler wrote, through `node`; prints what came of it, as JSON.
import { pathToFileURL } from "node:url";
import relay from "relay-runtime";

const { Environment, Network, RecordSource, Store } = relay;
const [url, artefacts] = process.argv.slice(2);
const artefact = async (name) => (await import(pathToFileURL(`${artefacts}/${name}.graphql.js`))).default;
const [query, next, fragment] = await Promise.all(["profileQuery", "profileNextQuery", "profile_entity"].map(artefact));

const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(async ({ text, name }, variables) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    });
    return answer.json();
  }),
});

function shown(reference) {
  const selector = relay.getSingularSelector(fragment, reference);
  return environment.lookup(selector).data;
}

// As usePaginationFragment does it: the fragment's own variables, with the end of what is there.
async function ask(operation, variables) {
  await relay.fetchQuery(environment, operation, variables).toPromise();
  return environment.lookup(relay.createOperationDescriptor(operation, variables).fragment).data;
}

const { entity } = await ask(query, { slug: process.argv[4] });
const sizes = [shown(entity).stances.edges.length];
while (shown(entity).stances.pageInfo.hasNextPage && sizes.length < 10) {
  const cursor = shown(entity).stances.pageInfo.endCursor;
  await ask(next, { id: entity.id, count: 2, cursor });
  sizes.push(shown(entity).stances.edges.length);
}
const { name, stances } = shown(entity);
console.log(JSON.stringify({ name, sizes, slugs: stances.edges.map(({ node }) => node.slug) }));
