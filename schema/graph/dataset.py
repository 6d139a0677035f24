"""Dataset: where records come from, and under which licence."""

from datetime import datetime

import strawberry

from schema.engine.fields import sql


@strawberry.type(description="A set of records that is edited, loaded and licensed together.")
class Dataset:
    """Fields of a data set."""

    slug: str = sql(description="Its key, the name of its folder.")
    title: str = sql(description="Its title.")
    description: str | None = sql(description="What it is about.")
    licence: str = sql(description="The licence of the annotations; quotes remain their speakers'.")
    attribution: str | None = sql(description="How to credit it.")
    provenance: str = sql(description="Where it comes from: who coded what, from which documents, by which rules.")
    loaded_at: datetime = sql(description="When it was last loaded with a change.")
