"""What PostgreSQL has to be told about our tables, so that it stores and orders as SQLite does."""

from typing import Any

from sqlalchemy import Computed, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn, CreateIndex


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


@compiles(CreateIndex, "postgresql")
def _create_index(create: CreateIndex, compiler: Any, **how: Any) -> str:
    """An index ends with the row's id, as every index of SQLite does by itself.

    Pages are sorted and sought by their keys and the id: without, each page would sort all rows that have the same
    value in the keys. Nothing lists what is of a data set; with an id behind so few values PostgreSQL might take that
    index for the primary key's.
    """
    text: str = compiler.visit_create_index(create, **how)
    index = create.element
    names = index.columns.keys()
    if index.unique or index.table is None or "id" not in index.table.columns or names == ["dataset_id"]:
        return text
    return text.removesuffix(")") + ", id)"
