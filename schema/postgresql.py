"""What PostgreSQL has to be told about our tables, so that it stores and orders as SQLite does."""

from typing import Any

from sqlalchemy import Computed, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn


@compiles(CreateColumn, "postgresql")
def _create_column(create: CreateColumn, compiler: Any, **how: Any) -> str:
    """Texts are compared and ordered by code point, whatever the database was set up with."""
    text: str = compiler.visit_create_column(create, **how)
    kind = create.element.type.dialect_impl(compiler.dialect)
    is_text = isinstance(getattr(kind, "impl_instance", kind), String)
    return f'{text} COLLATE "C"' if text and is_text else text


@compiles(Computed, "postgresql")
def _computed(computed: Computed, compiler: Any, **how: Any) -> str:
    """Only what is stored can be in an index there; on SQLite it need not be."""
    text: str = compiler.sql_compiler.process(computed.sqltext, include_table=False, literal_binds=True)
    return f"GENERATED ALWAYS AS ({text}) STORED"
