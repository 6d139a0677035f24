// urql as its users have it, with the headers and methods it chooses; then with persisted queries, then with Graphcache
// on our schema; prints what came of each, as JSON.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";
import { cacheExchange as graphcache } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import { getIntrospectionQuery } from "graphql";

const url = process.argv[2];
const asked = [];

async function noting(address, options) {
  const answer = await fetch(address, options);
  const sent = decodeURIComponent(options.body ?? address);
  asked.push({
    method: options.method,
    text: sent.includes("query=") || sent.includes('"query":"'),
    accept: new Headers(options.headers).get("accept"),
    status: answer.status,
    type: answer.headers.get("content-type"),
  });
  return answer;
}
const askedSince = () => asked.splice(0);

const ENTITY = gql`
  query Entity($slug: String!) {
    entity(slug: $slug) { ...Named }
  }
  fragment Named on Entity { id name type }
`;
const STANCES = gql`
  query Stances($filter: StanceFilter, $first: Int!, $after: String) {
    stances(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { __typename hasNextPage endCursor hasPreviousPage startCursor }
      edges { __typename cursor node { id slug } }
    }
  }
`;

const told = {};
const result = ({ data, error }) => ({
  data: data ?? null,
  errors: error?.graphQLErrors.map(({ message, extensions }) => [extensions.code, message]),
  network: error?.networkError?.message,
});

const plain = new Client({ url, exchanges: [cacheExchange, fetchExchange], fetch: noting });
told.byGet = result(await plain.query(ENTITY, { slug: "rai" }));
told.byPost = result(await plain.query(ENTITY, { slug: "rai" }, { preferGetMethod: false, requestPolicy: "network-only" }));
told.invalid = result(await plain.query(gql`query Nothing { nothing }`, {}));
told.plainly = askedSince();

const persisted = new Client({
  url,
  exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  fetch: noting,
});
told.persisted = [];
for (const slug of ["rai", "olaf-scholz"]) {
  told.persisted.push((await persisted.query(ENTITY, { slug })).data.entity.name);
}
told.hashed = askedSince();

// Graphcache reads the schema: by introspection, as its guide says.
const { data: schema } = await plain.query(getIntrospectionQuery(), {}, { preferGetMethod: false });
const normalised = new Client({
  url,
  exchanges: [
    graphcache({ schema, keys: { Dataset: ({ slug }) => slug }, resolvers: { Query: { stances: relayPagination() } } }),
    fetchExchange,
  ],
});
let after = null;
let page;
told.pages = 0;
do {
  page = (await normalised.query(STANCES, { first: 20, after })).data.stances;
  after = page.pageInfo.endCursor;
  told.pages += 1;
} while (page.pageInfo.hasNextPage && told.pages < 10);
told.slugs = page.edges.map(({ node }) => node.slug);
told.total = page.totalCount;
console.log(JSON.stringify(told));
