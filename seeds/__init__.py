"""The data sets people edit, and what checks, reads and loads them."""
