"""Where a stream is loaded: in the file itself, or, for PostgreSQL, in a private copy of what the stream touches.

place.py         the place, by kind of database
working_copy.py  a private SQLite file with what a stream touches in PostgreSQL, in which it is loaded
referred.py      what the stream refers to in other data sets, brought into the working copy
journal.py       which rows of the working copy a load has written, changed or deleted
difference.py    these rows brought over to PostgreSQL
"""
