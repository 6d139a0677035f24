"""Data sets as streams of lines, one record each, of any size: read, checked and loaded in constant memory.

A stream goes through these modules, each of which says what it takes and gives:

    source → reader (or worker, alongside) → lines (with syntax, shapes) → target → faults (with chains, upheld)

all of which `take` does. A data set that the database does not have goes straight into its tables. The rows of one
that it has go into a scratch schema, and what differs goes on from there, which `difference` does:

    scratch → identify → write, revise → vanish

A large stream into a PostgreSQL without a row goes by `seeds.direct` if it can, which takes only what is beyond doubt;
`seeds.load_stream` chooses.

`load` does all of this, in the place of `seeds.places` that the kind of database calls for; `elsewhere` brings rows
of other data sets there as they are named, if it has not all of them. `check` loads into a database that is thrown
away, and looks for `doubts`.
"""
