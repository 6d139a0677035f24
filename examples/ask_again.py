# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx>=0.28"]
# ///
"""Has anything changed since I looked last? Asks the same question again, and pays for the answer only if it is new.

The answer has a validator, its ETag. Who sends it back as If-None-Match gets 304 and no body while the data is the
same, and the server does not even look into its tables.

    python examples/ask_again.py

The server is the one of `make serve`, or the one that STANCEBASE_URL names.
"""

import os

import httpx

SERVER = os.environ.get("STANCEBASE_URL", "http://127.0.0.1:8000")

TALLY = """
    { proposition(slug: "allow-strikes-inside-russia") { text tally { positions { position count } } } }
"""


def main() -> None:
    """Ask twice, and say what each answer cost."""
    with httpx.Client(base_url=SERVER) as client:
        first = client.get("/graphql", params={"query": TALLY}).raise_for_status()
        proposition = first.json()["data"]["proposition"]
        print(proposition["text"])
        for count in proposition["tally"]["positions"]:
            print(f"    {count['position']:8} {count['count']}")
        print(f"first answer:  {first.status_code}, {len(first.content)} bytes, {first.headers['etag']}")

        validator = {"if-none-match": first.headers["etag"]}
        again = client.get("/graphql", params={"query": TALLY}, headers=validator)
        print(f"second answer: {again.status_code}, {len(again.content)} bytes")
        # What was kept is still true, or here is what is true now.
        answer = first if again.status_code == httpx.codes.NOT_MODIFIED else again.raise_for_status()
        print("nothing has changed" if answer is first else "there is something new")


if __name__ == "__main__":
    main()
