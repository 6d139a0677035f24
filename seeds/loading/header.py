"""The row of a data set itself: what the files say of it in; its id, how it differs and when it changed out."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import SQLModel

from seeds.format import DatasetRecord
from seeds.loading.report import Header
from seeds.loading.rows import TABLES, Row, dataset_row

DATASET = SQLModel.metadata.tables["dataset"]


def instant_of(connection: Connection, slugs: Collection[str], clock: datetime) -> datetime:
    """The clock's time in milliseconds, or just after all that the data sets have on record if that is later.

    One instant for all of a load: whoever asks what was known at an instant sees the whole of it or nothing.
    """
    stance = TABLES["stance"]
    latest = select(func.max(stance.c.recorded_at), func.max(stance.c.superseded_at)).join(DATASET)
    known = connection.execute(latest.where(DATASET.c.slug.in_(slugs))).one()
    truncated = clock.replace(microsecond=clock.microsecond // 1000 * 1000)
    after: list[datetime] = [last + timedelta(milliseconds=1) for last in known if last is not None]
    return max([truncated, *after])


def bring_header(connection: Connection, record: DatasetRecord, digest: str, instant: datetime) -> tuple[int, Header]:
    """The id of the data set's row, inserted when it is new, and how it differs from what the files say."""
    row = dataset_row(record, digest)
    columns = (DATASET.c[name] for name in row)
    stored = connection.execute(select(DATASET.c.id, *columns).where(DATASET.c.slug == record.slug)).one_or_none()
    if stored is None:
        new = insert(DATASET).values(**row, loaded_at=instant).returning(DATASET.c.id)
        return connection.execute(new).scalar_one(), Header.ADDED
    different = [name for name, value in zip(row, stored[1:], strict=True) if row[name] != value]
    if different == ["digest"]:
        return stored[0], Header.FILES
    return stored[0], Header.CHANGED if different else Header.UNCHANGED


def stamp(connection: Connection, dataset_id: int, record: DatasetRecord, digest: str, instant: datetime) -> None:
    """Write what the files say of the data set, and that it was loaded from them at that instant."""
    row: Row = dataset_row(record, digest)
    row["loaded_at"] = instant
    connection.execute(update(DATASET).where(DATASET.c.id == dataset_id).values(row))
