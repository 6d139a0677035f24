"""What the data is (tables, vocabulary) and what the graph says of it (engine, graph)."""
