// graphql-ws as its users have it: a query, errors, several at once, one that is given up; prints what came of each.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const client = createClient({ url: process.argv[2], webSocketImpl: WebSocket, retryAttempts: 0 });

async function results(payload, most = Infinity) {
  const found = [];
  try {
    for await (const result of client.iterate(payload)) {
      found.push(result);
      if (found.length >= most) break;
    }
  } catch (error) {
    found.push({ thrown: error });
  }
  return found;
}

const entity = { query: "query ($slug: String!) { entity(slug: $slug) { name } }" };
const told = {
  query: await results({ ...entity, variables: { slug: "rai" } }),
  refused: await results({ query: "{ nothing }" }),
  together: await Promise.all(["rai", "nobody", "rai"].map((slug) => results({ ...entity, variables: { slug } }))),
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
await client.dispose();
console.log(JSON.stringify(told));
