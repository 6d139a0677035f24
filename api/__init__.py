"""How the record is served: the database, the graph's endpoint, the console command."""

import gc

VERSION = "0.1.0"

# Nearly all that is made at the start stays: modules, tables, the schema, its types. To look through it again and again
# for what is no longer needed takes a seventh of the time in which a command starts.
gc.set_threshold(50_000, 10, 10)
