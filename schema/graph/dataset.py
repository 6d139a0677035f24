"""Dataset: where records come from, and under which licence."""

from datetime import datetime

import strawberry

from schema.engine.fields import column


@strawberry.type(description="A set of records that is edited, loaded and licensed together.")
class Dataset:
    """Fields of a data set."""

    slug: str = column(description="Its key, the name of its folder.")
    title: str = column(description="Its title.")
    description: str | None = column(description="What it is about.")
    licence: str = column(description="The licence of the annotations; quotes remain their speakers'.")
    attribution: str | None = column(description="How to credit it.")
    provenance: str = column(description="Where it comes from: who coded what, from which documents, by which rules.")
    loaded_at: datetime = column(description="When it was last loaded with a change.")
