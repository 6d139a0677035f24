"""REST: each file in api/operations is a query and a route, answered by the same statements as GraphQL.

comment.py     the comment a file begins with: what the route is for, where it is, and examples
parameters.py  the query's variables as parameters of an address: read one by one, each mistake named
declared.py    where they come from: the declarations in the file, with what is said of each
operation.py   comment, parameters and selection together, held against the schema when the server starts
endpoint.py    one route: address → variables → the graph's bytes, less what encloses the answer
listing.py     what a page tells in headers: the total, and the address of the next page
openapi.py     all routes as an OpenAPI document; shapes.py: selections and variables as JSON Schema
docs.py        the document with real answers as its examples, and the page that shows it
routes.py      all of these, in the order in which they are tried
"""
