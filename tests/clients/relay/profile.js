import { graphql } from "relay-runtime";

export const Profile = graphql`
  fragment profile_entity on Entity
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" })
  @refetchable(queryName: "profileNextQuery") {
    name
    stances(first: $count, after: $cursor) @connection(key: "profile_stances") {
      edges { node { slug position } }
    }
  }
`;

export const Query = graphql`
  query profileQuery($slug: String!) {
    entity(slug: $slug) { id ...profile_entity }
  }
`;
