"""What the planner of the database knows of the data: kept true to what loads make of it."""

from sqlalchemy import Connection, inspect

WATCHED = ("entity", "source", "statement", "stance", "evidence")


def analyse(connection: Connection) -> bool:
    """Let SQLite look at all tables anew if one has grown by half since it did, or from nothing; tells if it was.

    In the transaction of the load: who reads what it wrote plans by it. ANALYZE reads every index once: 3 s for a
    million statements. PostgreSQL does the same by itself.
    """
    if connection.dialect.name != "sqlite":
        return False
    known: dict[str, int] = {}
    if inspect(connection).has_table("sqlite_stat1"):
        rows = connection.exec_driver_sql("SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")
        known = dict(map(tuple, rows))
    for table in WATCHED:
        much = 1.5 * known.get(table, 0)
        # There are at most as many rows as the highest number says. To count them takes a while.
        most = connection.exec_driver_sql(f"SELECT coalesce(max(rowid), 0) FROM {table}").scalar_one()
        if most > much and connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() > much:
            connection.exec_driver_sql("ANALYZE main")
            # Samples of values, which some builds of SQLite take as well. With them it prepares a statement anew
            # whenever its parameters change, which takes as long as the statement itself.
            connection.exec_driver_sql("DROP TABLE IF EXISTS sqlite_stat4")
            return True
    return False
