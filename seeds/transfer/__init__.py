"""Rows on their way from one database to another, as lines of text that both databases write and read alike.

lines.py       what a line is, in the form of PostgreSQL's COPY
sqlite.py      the rows of a table of SQLite as lines, and lines into one
postgresql.py  the same for PostgreSQL
set_aside.py   what each row written to PostgreSQL costs beside itself, done for all of a large load at once
instead.py     new tables of PostgreSQL, filled while the empty ones are read, and put in their place
private.py     a SQLite file for what one load has to note
tables.py      the tables, in an order in which each comes after those that it refers to
sides.py       a database as what is copied from or to, whichever it is
copy.py        everything in a database to another one, and proof that it arrived
"""
