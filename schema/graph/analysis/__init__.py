"""Analysis over the graph: networks, matrices and what else is computed from coded statements."""
