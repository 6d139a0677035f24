"""The database behind an address: one interface, and what is behind it for each kind.

interface.py   what the rest of the house knows of a database
opening.py     from the settings to the database that they name
sqlite/        a file on this machine, read in the event loop
postgresql/    a server, or a primary with its standbys, read through a pool of connections
"""
