"""The reference of all exports as text: files, parameters and columns, as they are declared."""

from graphql import OperationDefinitionNode, parse

from api.export.agreement.columns import EDGE, NODE
from api.export.agreement.files import AGREEMENT
from api.export.columns import Column
from api.export.files import FILES
from api.export.tables import STANCES, TABLES, Table
from api.rest.operation import operation_texts

ARGUMENTS = {
    "filter": "as the argument filter in the graph, a {kind} in JSON",
    "asOf": "only what was in force on this day, as in 2024-05-24",
    "knownAt": "as the database stood at this instant, as in 2024-05-24T09:30:00Z",
}


def parameters(table: Table) -> list[tuple[str, str]]:
    """Each parameter with what it stands for."""
    arguments = [(name, ARGUMENTS[name].format(kind=kind)) for name, kind in table.arguments.items()]
    return [*arguments, *((name, f"filter: {_filter(way)}") for name, way in table.flat.items())]


def _filter(way: str) -> str:
    *outer, operator = way.split(".")
    value = '"…"' if operator != "in" else '["…"]'
    return "{" + ": {".join(f'"{part}"' for part in (*outer, operator)) + f": {value}" + "}" * (len(outer) + 1)


def _kind(column: Column) -> str:
    kind = "one of " + ", ".join(column.terms) if column.terms else column.type
    return f"list of {kind}" if column.many else kind


def _parameters_of(operation: str) -> str:
    """Those of a route; what they mean and which values they have is at /docs."""
    (definition,) = parse(operation_texts()[operation]).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return ", ".join(each.variable.name.value for each in definition.variable_definitions or ())


def _lines() -> list[str]:
    lines = ["The exports of Stancebase. Each file is at /export/NAME, and `stancebase export NAME` writes it.", ""]
    files = [(file.name, file.about) for file in FILES.values()]
    files += [(file.name, file.about) for file in AGREEMENT.values()]
    lines += [f"  {name:34} {about}" for name, about in files]
    lines += ["", "A parameter may be given again for one value more; those that name a day or a filter, once.", ""]
    for table in TABLES.values():
        lines += [f"{table.name}: one row is {table.rows}", "", "  Parameters"]
        lines += [f"    {name:14} {meaning}" for name, meaning in parameters(table)]
        lines += ["", "  Columns"]
        lines += [f"    {column.name:30} {_kind(column)}. {column.meaning}" for column in table.columns]
        lines += [""]
    for name, about, columns in (("edges", "a row is a tie", EDGE), ("nodes", "a row is an actor", NODE)):
        lines += [f"agreement-{name}.csv: {about}; GraphML and GEXF have the same attributes", "", "  Columns"]
        lines += [f"    {column.name:30} {_kind(column)}. {column.meaning}" for column in columns]
        lines += [""]
    lines += [
        f"agreement: the parameters of /api/v1/network, each once: {_parameters_of('network')}",
        "",
        f"position-matrix: the parameters of /api/v1/matrix, each once: {_parameters_of('matrix')}",
        "",
        f"network: the parameters of {STANCES.name}",
        "",
        "dataset.zip: dataset, the slug of a data set; all unless told",
    ]
    return lines


EXPORTS = "\n".join(_lines()) + "\n"
"""For whoever opens /export."""
