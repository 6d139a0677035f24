// Apollo's link that sends several operations in one body; prints what went back, and what its users see, as JSON.
import { ApolloClient, InMemoryCache, gql } from "@apollo/client";
import { BatchHttpLink } from "@apollo/client/link/batch-http";

const answers = [];
async function noting(address, options) {
  const answer = await fetch(address, options);
  answers.push({ status: answer.status, body: await answer.clone().json() });
  return answer;
}

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new BatchHttpLink({ uri: process.argv[2], batchInterval: 10, fetch: noting }),
});
const ENTITY = gql`
  query Entity($slug: String!) {
    entity(slug: $slug) { id name }
  }
`;
const seen = await Promise.allSettled(
  ["rai", "olaf-scholz"].map((slug) => client.query({ query: ENTITY, variables: { slug } })),
);
console.log(JSON.stringify({ answers, seen: seen.map(({ status, value }) => value?.data.entity.name ?? status) }));
