"""A large stream straight into a PostgreSQL without a row: no working copy, and no look at a record by itself.

columns.py  a field of many records at once: values as they are in JSON in, cells of COPY out
records.py  a chunk of lines as rows that name others by slug, or nothing where there is a doubt about any of them
slugs.py    the id of each slug, in a private file
lines.py    rows with ids in place of slugs, and those that must wait for what they name
load.py     all of it, in one transaction

Nothing here tells what is wrong with a stream. Where anything is, or only may be, the load is undone, and
`seeds.stream` reads the stream again with all its checks.
"""
