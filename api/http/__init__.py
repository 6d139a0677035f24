"""GraphQL over HTTP, and what every request and response passes: limits, headers, ids, refusals."""
