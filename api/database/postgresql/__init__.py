"""A database on a server, or on several: a primary that is written to, and standbys that follow it.

address.py      from a URL to where to connect for reading and for writing; what is told of it has no password
database.py     the database: reads prefer a standby, writes go to the primary
pool.py         a bounded number of connections; what a broken one did not answer is asked once more
connection.py   one connection of the event loop's: a prepared statement in, one row out, in one round trip
snapshot.py     the database as it stands at one instant, for as long as an export takes
tables.py       whose tables are there, and how they are made
problems.py     what the driver says of a server, in plain words
"""
