"""The versions of the tables: which one a database has, and how it comes to the present one.

state.py        what is in a database: nothing, our tables of some version, or something else; new tables
objects.py      the names of everything that belongs to the present version
kind.py         what has to be known of a kind of database to migrate it
sqlite.py       the same of a file
postgresql.py   the same of a server
running.py      from one version to the next, all in one transaction
env.py          what Alembic runs
script.py       a migration that is written in SQL
batch.py        a table with columns or constraints changed, on both databases
versions/       the migrations, a version a file
"""
