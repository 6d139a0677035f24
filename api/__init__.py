"""How the record is served: the database, the graph's endpoint, the console command."""

VERSION = "0.1.0"
