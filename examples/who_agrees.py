# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx>=0.28", "networkx>=3.4"]
# ///
"""Who agrees with whom? Reads the stances as a signed network, and counts for each pair of holders what they share.

    python examples/who_agrees.py

A pair gains one for each proposition on which both are on the same side, and loses one for each on which they are
not. The server is the one of `make serve`, or the one that STANCEBASE_URL names.
"""

import os
from itertools import combinations

import httpx
import networkx

SERVER = os.environ.get("STANCEBASE_URL", "http://127.0.0.1:8000")


def agreement(network: networkx.DiGraph) -> list[tuple[int, str, str]]:
    """For each two holders with a common proposition how far they agree, and their names; the closest first."""
    sides: dict[str, dict[str, int]] = {}
    for holder, proposition, stance in network.edges(data=True):
        if stance["sign"]:
            sides.setdefault(holder, {})[proposition] = stance["sign"]
    found = []
    for one, other in combinations(sorted(sides), 2):
        if common := sides[one].keys() & sides[other].keys():
            names = (network.nodes[holder]["label"] for holder in (one, other))
            found.append((sum(sides[one][each] * sides[other][each] for each in common), *names))
    return sorted(found, key=lambda pair: (-pair[0], *pair[1:]))


def main() -> None:
    """Print who is closest to each other, and who is furthest apart."""
    answer = httpx.get(f"{SERVER}/export/network.graphml").raise_for_status()
    pairs = agreement(networkx.parse_graphml(answer.text))
    print(f"{len(pairs)} pairs have spoken on the same proposition.")
    for title, chosen in (("Closest", pairs[:5]), ("Furthest apart", pairs[:-6:-1])):
        print(f"{title}:")
        for weight, one, other in chosen:
            print(f"    {weight:+d}  {one} and {other}")


if __name__ == "__main__":
    main()
