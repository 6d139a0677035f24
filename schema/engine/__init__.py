"""From a validated GraphQL selection to one SQL statement; knows nothing of stances.

The road of a query, a file each:

    operation.py   text → operations, their variables split into shape (the plan's key) and values (its binds)
    planner.py     selection × arguments → plan.py's tree: asks each field (fields.py) for its SQL (steps.py)
    pages.py       the step that turns rows into a keyset page; cursors.py writes and reads its cursors
    render.py      plan → one SQLAlchemy select of one JSON cell, of what json.py and expressions.py declare
    dialects/      how each database writes that, and what its driver takes: all that differs between them
    extension.py   the same plan inside Strawberry: spliced into the answer, or fed to graphql-core's executor
"""
