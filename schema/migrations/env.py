"""What Alembic runs: the migrations, on the connection and in the transaction of whoever called it."""

from alembic import context

import schema.migrations.batch  # noqa: F401 - how tables are written anew, before Alembic looks for it

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
