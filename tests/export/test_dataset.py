"""A data set exported, loaded into an empty database and exported again is the same, byte for byte."""

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.commands.loading import BUNDLED
from api.database.opening import open_database
from schema.vocabulary import EntityType, Position, StatementKind
from seeds.format import FILES, DatasetRecord, LocatorRecord, MembershipRecord
from seeds.read import read
from tests.asking import settings_for
from tests.editing import copy_of_the_article
from tests.editing import read as records_of
from tests.editing import write as write_records
from tests.export.conftest import Make, loaded
from tests.export.files import exported

AWKWARD = [
    *(
        "null",
        "~",
        "yes",
        "2024",
        "2024-05-24",
        "1e3",
        "0x1f",
        "1_000",
        "- a",
        "a: b",
        "a #b",
        "'",
        '"',
        "\\n",
        "%a",
        "=",
    ),
    *("@a", "`a`", "[a]", "{a}", "&a", "*a", "!a", "|", ">", "?", "<<", "two  spaces", "a\n\nb", "a\tb", "x" * 200),
    *("word " * 60 + "end", "é😀", "日本語", "\u2028", "a\u2029b", "\ufeff", "\ufffe", "\u200b"),
]
"""Texts that YAML reads as something else, or cannot hold as they are."""


def unpacked(archive: bytes, folder: Path) -> list[Path]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        opened.extractall(folder)
    return sorted(path for path in folder.iterdir() if path.is_dir())


def round_trip(url: str, make: Make, folder: Path) -> bytes:
    """The export, checked to come back; folder is empty."""
    archive = archived(url)
    assert archived(loaded(make(), *unpacked(archive, folder / "unpacked"))) == archive
    return archive


def archived(url: str, **given: str | list[str]) -> bytes:
    with open_database(settings_for(url)) as database:
        return exported(database, "dataset.zip", **given)


def test_the_article_comes_back_with_all_its_records(url: str, make: Make, tmp_path: Path) -> None:
    round_trip(url, make, tmp_path)
    (ours,), problems = read([BUNDLED])
    (theirs,), more = read([tmp_path / "unpacked" / BUNDLED.name])
    assert problems + more == []
    for _, model in FILES.values():
        assert theirs.records(model) == ours.records(model)
    assert theirs.dataset.model_dump(exclude={"expects"}) == ours.dataset.model_dump(exclude={"expects"})
    counts = {kind: len(ours.entries[kind]) for kind, _ in FILES.values()}
    assert list(theirs.dataset.expects.model_dump(exclude={"holders"}).values()) == list(counts.values())


def test_a_corrected_stance_comes_with_its_revision(make: Make, tmp_path: Path) -> None:
    folder = copy_of_the_article(tmp_path / "nato-strikes-2024")
    url = loaded(make(), folder)
    stances = records_of(folder / "stances.yaml")
    first = next(iter(stances.values()))
    write_records(folder / "stances.yaml", [first | {"confidence": 0.5}, *list(stances.values())[1:]])
    round_trip(loaded(url, folder), make, tmp_path)
    again = records_of(tmp_path / "unpacked" / "nato-strikes-2024" / "stances.yaml")
    assert again[first["slug"]] == first | {"revision": 2, "confidence": 0.5}


def test_several_data_sets_come_in_folders_of_their_own_or_one_by_one(make: Make, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    header = {"slug": "small", "title": "Small", "licence": "CC0-1.0", "provenance": "Made up."}
    (small / "dataset.yaml").write_text(yaml.safe_dump(header), "utf-8")
    url = loaded(make(), BUNDLED, small)
    both = round_trip(url, make, tmp_path)
    names = zipfile.ZipFile(io.BytesIO(both)).namelist()
    assert {name.split("/")[0] for name in names} == {"nato-strikes-2024", "small"}
    one = zipfile.ZipFile(io.BytesIO(archived(url, dataset="small")))
    assert one.namelist() == ["small/dataset.yaml"]
    assert yaml.safe_load(one.read("small/dataset.yaml")) == header | {"expects": {}}
    two = archived(url, dataset=["small", "nato-strikes-2024"])
    assert two == both


def test_half_an_archive_is_none(sqlite_article: str) -> None:
    archive = archived(sqlite_article)
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(archive[:-30]))


texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=30),
).map(str.strip).filter(bool)  # fmt: skip
days = st.dates(date(1, 1, 10), date(9999, 12, 20))


def written_dates(draw: st.DrawFn) -> dict[str, str]:
    """A span in the four forms of a date."""
    first, last = sorted([draw(days), draw(days)])
    forms = {
        "day": lambda day: day.isoformat(),
        "week": lambda day: "{:04}-W{:02}".format(*day.isocalendar()),
        "month": lambda day: day.isoformat()[:7],
        "year": lambda day: day.isoformat()[:4],
    }
    form = forms[draw(st.sampled_from(sorted(forms)))]
    span = {"since": form(first), "until": form(last)}
    return {key: span[key] for key in draw(st.lists(st.sampled_from(["since", "until"]), unique=True))}


@st.composite
def data_sets(draw: st.DrawFn) -> dict[str, Any]:
    """The files of a valid set: every field is there in some of them."""

    def maybe(record: dict[str, Any], **fields: Any) -> dict[str, Any]:
        for name, strategy in fields.items():
            if draw(st.booleans()):
                record[name] = draw(strategy)
        return record

    def locator(text: str = "a passage") -> dict[str, Any]:
        start = draw(st.integers(0, 10**6))
        return {"start": start, "end": start + len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}

    language = st.sampled_from(["en", "uk", "pt-BR", "no"])
    slugs = draw(st.lists(st.sampled_from(["a", "b-1", "no", "2024", "1e3"]), min_size=1, max_size=4, unique=True))
    sources = ["paper", "0x1f"][: draw(st.integers(1, 2))]
    entities = []
    for slug in slugs:
        record = maybe(
            {"slug": slug, "name": draw(texts), "type": draw(st.sampled_from(list(EntityType))).value},
            aliases=st.lists(texts, unique=True, min_size=1, max_size=2),
            description=texts,
            wikidata=st.sampled_from(["Q1", "Q57652"]),
        )
        others = [other for other in slugs if other != slug]
        if others and draw(st.booleans()):
            membership = maybe({"organization": draw(st.sampled_from(others))} | written_dates(draw), role=texts)
            if draw(st.booleans()):
                membership["source"] = draw(st.sampled_from(sources))
                if draw(st.booleans()):
                    membership["locator"] = locator()
            record["memberships"] = [membership]
        entities.append(record)
    propositions = [{"slug": "p", "text": draw(texts)}, maybe({"slug": "q", "text": draw(texts)}, topic=texts)]
    if draw(st.booleans()):
        propositions[1]["negation_of"] = "p"
    statements = []
    for number in range(draw(st.integers(1, 3))):
        text = draw(texts)
        record = maybe(
            {
                "slug": f"s-{number}",
                "kind": draw(st.sampled_from(list(StatementKind))).value,
                "speaker": draw(st.sampled_from(slugs)),
                "source": draw(st.sampled_from(sources)),
                "text": text,
            },
            on_behalf_of=st.sampled_from(slugs),
            language=language,
            stated_on=days.map(date.isoformat),
            venue=texts,
        )
        if draw(st.booleans()):
            record["locator"] = locator(text)
        if number and draw(st.booleans()):
            record["responds_to"] = f"s-{draw(st.integers(0, number - 1))}"
        statements.append(record)
    known = [record["slug"] for record in statements]
    stances = [
        maybe(
            {
                "slug": f"x-{number}",
                "holder": draw(st.sampled_from(slugs)),
                "proposition": draw(st.sampled_from(["p", "q"])),
                "position": draw(st.sampled_from(list(Position))).value,
                "evidence": draw(st.lists(st.sampled_from(known), unique=True, min_size=1)),
            }
            | written_dates(draw),
            revision=st.integers(1, 2**31 - 1),
            condition=texts,
            confidence=st.floats(0, 1),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    head = {"slug": "drawn", "title": draw(texts), "licence": draw(texts), "provenance": draw(texts)}
    return {
        "dataset": maybe(head, description=texts, attribution=texts),
        "entities": entities,
        "sources": [
            maybe(
                {"slug": slug, "title": draw(texts)},
                url=st.sampled_from(["https://a.example/?b=1&c=2#d", "http://[::1]/: #"]).filter(
                    lambda url: " " not in url
                ),
                publisher=st.sampled_from(slugs),
                authors=st.lists(texts, unique=True, min_size=1, max_size=2),
                language=language,
                published_on=days.map(lambda day: day.isoformat()[:7]),
                retrieved_on=days.map(date.isoformat),
                text_sha256=st.sampled_from(["0" * 64, "e" * 64, "1e" * 32]),
            )
            for slug in sources
        ],
        "propositions": propositions,
        "statements": statements,
        **({"stances": stances} if stances else {}),
    }


# `make` makes a new database for each example.
@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=data_sets())
def test_any_data_set_comes_back(make: Make, files: dict[str, Any]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "drawn"
        folder.mkdir()
        for name, content in files.items():
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=False), "utf-8")
        round_trip(loaded(make(), folder), make, Path(place))
        (drawn,), problems = read([folder])
        (again,), more = read([Path(place) / "unpacked" / "drawn"])
        assert problems + more == []
        for _, model in FILES.values():
            # A first revision is one whether it is said or not.
            found, wanted = ([_plain(record) for record in each.records(model)] for each in (again, drawn))
            assert found == wanted
        assert again.dataset.model_dump(exclude={"expects"}) == drawn.dataset.model_dump(exclude={"expects"})


def _plain(record: Any) -> dict[str, Any]:
    found: dict[str, Any] = record.model_dump()
    return found | {"revision": found["revision"] or 1} if "revision" in found else found


def test_every_field_of_the_format_is_drawn_and_so_is_kept() -> None:
    """A field that is added to the files has to be added to the export, and to what is drawn here."""
    drawn: dict[str, set[str]] = {"membership": set(), "locator": set()}

    @settings(max_examples=60, derandomize=True, deadline=None, database=None)
    @given(data_sets())
    def note(files: dict[str, Any]) -> None:
        for name, content in files.items():
            for record in content if isinstance(content, list) else [content]:
                drawn.setdefault(name, set()).update(record)
                drawn["locator"].update(record.get("locator", ()))
                for membership in record.get("memberships", ()):
                    drawn["membership"].update(membership)

    note()
    models = {name.removesuffix(".yaml"): model for name, (_, model) in FILES.items()}
    for name, model in {**models, "membership": MembershipRecord, "locator": LocatorRecord}.items():
        assert drawn[name] == set(model.model_fields), name
    assert drawn["dataset"] == set(DatasetRecord.model_fields) - {"expects"}
