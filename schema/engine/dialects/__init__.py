"""What differs between the databases: how each writes the constructs of json.py and expressions.py, and its limits."""
