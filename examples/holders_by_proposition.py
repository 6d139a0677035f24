# /// script
# requires-python = ">=3.11"
# dependencies = ["pandas>=3"]
# ///
"""Who stands where on everything? One address becomes a data frame, and that a table of holders and propositions.

    python examples/holders_by_proposition.py

1 is for the proposition as it is worded, -1 against it, 0 both or neither; a blank means that nothing is known, which
is no position at all. The server is the one of `make serve`, or the one that STANCEBASE_URL names.
"""

import os

import pandas

SERVER = os.environ.get("STANCEBASE_URL", "http://127.0.0.1:8000")


def main() -> None:
    """Print the table."""
    rows = pandas.read_csv(f"{SERVER}/export/stances.csv")
    # A row is a stance and one statement that it rests on; here each stance counts once.
    stances = rows.drop_duplicates(["stance", "revision"])
    table = stances.pivot_table(index="holder_name", columns="proposition", values="sign", aggfunc="last")
    most_discussed = table.notna().sum().sort_values(ascending=False, kind="stable").index[:4]
    shown = table[most_discussed].dropna(how="all").sort_values(list(most_discussed), kind="stable")
    print(shown.astype("Int64").to_string(na_rep=""))


if __name__ == "__main__":
    main()
