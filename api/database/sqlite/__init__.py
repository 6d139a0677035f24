"""A database in a file.

database.py   the database: short statements run in the event loop, long ones in threads
reader.py     one read-only connection, whose statements are stopped when they take too long
snapshot.py   the file as it stands at one instant, for as long as an export takes
file.py       the file: from its address to an engine and its tables; what SQLite says of it, in plain words
driver.py     which SQLite is used
"""
