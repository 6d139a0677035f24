"""The schema that is served: types, scalars and the engine put together."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.engine.extension import EngineExtension
from schema.graph import terms
from schema.graph.query import Query
from schema.graph.scalars import SCALARS

schema = strawberry.Schema(
    query=Query,
    extensions=[EngineExtension],
    config=StrawberryConfig(scalar_map=SCALARS),
)
"""Executing it needs a schema.engine.extension.Context as context_value."""

__all__ = ["schema", "terms"]
