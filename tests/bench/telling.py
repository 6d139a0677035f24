"""Lines for who waits for the results."""

import sys


def tell(line: str) -> None:
    """Write a line to the standard error, which no result goes to."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
