"""GraphiQL, to ask the graph from a browser: our own build of it, which needs no other host, or Strawberry's page."""
