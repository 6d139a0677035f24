// Apollo Client as its users have it: variables and fragments, pages merged in its cache, errors, persisted queries by
// GET; prints what came of each, as JSON.
import { createHash } from "node:crypto";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";

const uri = process.argv[2];
const asked = [];

// What goes over the wire: how, whether with the text, and what is answered.
async function noting(address, options) {
  const answer = await fetch(address, options);
  const sent = options.body ?? decodeURIComponent(address);
  asked.push([options.method, /query (Entity|Stances)/.test(sent) ? "text" : "hash", answer.status]);
  return answer;
}

const cache = () =>
  new InMemoryCache({
    possibleTypes: { SearchResult: ["Entity", "Proposition", "Statement"] },
    typePolicies: {
      Dataset: { keyFields: ["slug"] },
      Query: { fields: { stances: relayStylePagination(["filter", "orderBy"]) } },
    },
  });
const clientOver = (link) => new ApolloClient({ link, cache: cache() });

const ENTITY = gql`
  query Entity($slug: String!, $first: Int = 1) {
    entity(slug: $slug) {
      ...Named
      stances(first: $first) {
        nodes { id position proposition { id slug } }
      }
    }
  }
  fragment Named on Entity { id name type }
`;
const STANCES = gql`
  query Stances($filter: StanceFilter, $first: Int!, $after: String) {
    stances(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { id slug holder { id name } } }
    }
  }
`;
const SEARCH = gql`
  query Search($query: String!) {
    search(query: $query, first: 3) {
      nodes {
        __typename
        ... on Entity { id name }
        ... on Proposition { id text }
        ... on Statement { id text }
      }
    }
  }
`;

async function error(promise) {
  try {
    return { answered: (await promise).data };
  } catch ({ name, message, errors }) {
    return { name, message, codes: errors?.map(({ extensions }) => extensions.code) };
  }
}

const client = clientOver(new HttpLink({ uri }));
const told = {};

told.entity = (await client.query({ query: ENTITY, variables: { slug: "rai" } })).data;
told.found = (await client.query({ query: SEARCH, variables: { query: "Ukraine" } })).data.search.nodes.map(
  ({ __typename }) => __typename,
);

// Two lists, one after the other: keyArgs keep them apart, and each page is put behind the last one.
async function walk(filter) {
  const variables = { filter, first: 20 };
  const watched = client.watchQuery({ query: STANCES, variables });
  const heard = watched.subscribe(() => {});
  let after = null;
  let pages = 0;
  do {
    const { data } = await watched.fetchMore({ variables: { after } });
    ({ endCursor: after } = data.stances.pageInfo);
    pages += 1;
    if (!data.stances.pageInfo.hasNextPage) after = null;
  } while (after && pages < 10);
  heard.unsubscribe();
  const { edges, totalCount } = client.readQuery({ query: STANCES, variables }).stances;
  return { pages, totalCount, slugs: edges.map(({ node }) => node.slug) };
}
told.all = await walk();
told.opposed = await walk({ position: { eq: "OPPOSE" } });

told.invalid = await error(client.query({ query: gql`query Entity { nothing }` }));
told.badCursor = await error(client.query({ query: STANCES, variables: { first: 1, after: "x" }, fetchPolicy: "no-cache" }));

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const persisted = clientOver(
  new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(new HttpLink({ uri, fetch: noting })),
);
told.persisted = [];
for (const slug of ["rai", "olaf-scholz"]) {
  told.persisted.push((await persisted.query({ query: ENTITY, variables: { slug } })).data.entity.name);
}
told.asked = asked;
console.log(JSON.stringify(told));
