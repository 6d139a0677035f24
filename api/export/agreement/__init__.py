"""Files of agreement networks and position matrices: answers of the graph, written as CSV, GraphML and GEXF."""
