// graphql-sse in its distinct connections mode: a query, errors, one that is given up; prints what came of each.
import { createClient } from "graphql-sse";

const client = createClient({ url: process.argv[2], retryAttempts: 0 });

async function results(payload) {
  const found = [];
  for await (const result of client.iterate(payload)) found.push(result);
  return found;
}

const entity = { query: "query ($slug: String!) { entity(slug: $slug) { name } }" };
const told = {
  query: await results({ ...entity, variables: { slug: "rai" } }),
  refused: await results({ query: "{ nothing }" }),
  together: await Promise.all(["rai", "nobody", "rai"].map((slug) => results({ ...entity, variables: { slug } }))),
  noRequest: await results({}).catch((error) => ({ name: error.constructor.name, status: error.response?.status })),
  givenUp: await new Promise((resolve) => {
    const heard = [];
    const stop = client.subscribe(
      { query: "{ stances { totalCount } }" },
      { next: (result) => heard.push(result), error: (error) => heard.push(error), complete: () => resolve(heard) },
    );
    stop();
  }),
  afterwards: await results({ ...entity, variables: { slug: "rai" } }),
};
client.dispose();
console.log(JSON.stringify(told));
