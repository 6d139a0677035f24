"""Records as JSON-LD: an entity, source, proposition or statement of the graph in terms that others know.

What a record does not have is left out, and a date is as exact as the record: 2024-05 for a month.
"""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple

import orjson

from api.linked.terms import ACTORS, ATTITUDES, CONTEXT_PATH, SPEAKER, UTTERANCES
from api.paths import REST

Members = dict[str, Any]


class Linked(NamedTuple):
    """One kind of record: the query that asks for it, and how its answer is written."""

    text: str
    written: Callable[[Members], Members]

    def write(self, record: bytes) -> bytes:
        """The record's JSON as JSON-LD."""
        return orjson.dumps({"@context": CONTEXT_PATH, **self.written(orjson.loads(record))})


def entity(record: Members) -> Members:
    """An actor, with its offices, and with its stances as acts of agreeing and disagreeing."""
    wikidata = record["wikidataId"]
    return there(
        **actor(record),
        identifier=record["id"],
        alternateName=record["aliases"],
        description=record["description"],
        sameAs=wikidata and f"http://www.wikidata.org/entity/{wikidata}",
        memberOf=[membership(each) for each in record["memberships"]],
        agentIn=[attitude(each, object=claim(each["proposition"])) for each in record["stances"]["nodes"]],
        includedInDataset=dataset(record),
    )


def source(record: Members) -> Members:
    """A document."""
    return there(
        **article(record),
        identifier=record["id"],
        url=record["url"],
        inLanguage=record["language"],
        datePublished=day(record, "publishedOn"),
        publisher=record["publisher"] and actor(record["publisher"]),
        creditText=", ".join(record["authors"]),
        includedInDataset=dataset(record),
    )


def proposition(record: Members) -> Members:
    """A claim, and who agrees and disagrees with it."""
    return there(
        **claim(record),
        identifier=record["id"],
        about=record["topic"] and {"name": record["topic"]},
        objectOf=[attitude(each, agent=actor(each["holder"])) for each in record["stances"]["nodes"]],
        includedInDataset=dataset(record),
    )


def statement(record: Members) -> Members:
    """A Web Annotation: what was said is its body, the place in the source its target."""
    address = f"{REST}/statements/{record['slug']}"
    kind = UTTERANCES[record["kind"]]
    words, reported = ("description", "subjectOf") if kind.endswith("Action") else ("text", "isPartOf")
    body = there(
        id=address,
        type=kind,
        **{words: record["text"], SPEAKER[kind]: actor(record["speaker"]), reported: article(record["source"])},
        identifier=record["id"],
        inLanguage=record["language"],
        dateCreated=day(record, "statedOn"),
        sourceOrganization=record["onBehalfOf"] and actor(record["onBehalfOf"]),
        recordedAt=record["venue"] and {"type": "Event", "name": record["venue"]},
        inReplyTo=record["respondsTo"] and f"{REST}/statements/{record['respondsTo']['slug']}",
        includedInDataset=dataset(record),
    )
    return {
        "id": f"{address}#annotation",
        "type": "Annotation",
        "motivation": "describing",
        "body": body,
        "target": there(
            type="SpecificResource",
            source=article(record["source"])["id"],
            selector=selectors(record),
            sha256=record["locator"] and record["locator"]["sha256"],
        ),
    }


def selectors(record: Members) -> list[Members]:
    """Where in the source the words stand; the words too, if they are proved to be those that stand there."""
    locator = record["locator"]
    if locator is None:
        return []
    found: list[Members] = [{"type": "TextPositionSelector", "start": locator["start"], "end": locator["end"]}]
    if sha256(record["text"].encode()).hexdigest() == locator["sha256"]:
        found.append({"type": "TextQuoteSelector", "exact": record["text"]})
    return found


def actor(record: Members) -> Members:
    """What an entity is called wherever it is named."""
    return {"id": f"{REST}/entities/{record['slug']}", "type": ACTORS[record["type"]], "name": record["name"]}


def article(record: Members) -> Members:
    """What a source is called wherever it is named."""
    return {"id": f"{REST}/sources/{record['slug']}", "type": "Article", "headline": record["title"]}


def claim(record: Members) -> Members:
    """What a proposition is called wherever it is named."""
    return {"id": f"{REST}/propositions/{record['slug']}", "type": "Claim", "text": record["text"]}


def membership(record: Members) -> Members:
    """An office: schema.org puts a role between a member and what it is a member of."""
    return there(
        type="OrganizationRole",
        roleName=record["role"],
        startDate=day(record, "startsOn"),
        endDate=day(record, "endsOn"),
        memberOf=actor(record["organization"]),
    )


def attitude(stance: Members, **parties: Members) -> Members:
    """A stance as an act, with the party that is not the record itself."""
    return there(
        type=ATTITUDES[stance["position"]],
        description=stance["condition"],
        startTime=day(stance, "since"),
        endTime=day(stance, "until"),
        subjectOf=[f"{REST}/statements/{each['slug']}" for each in stance["evidence"]],
        **parties,
    )


def dataset(record: Members) -> Members:
    """The data set that the record is from, with its licence."""
    found = record["dataset"]
    return there(type="Dataset", name=found["title"], license=found["licence"], creditText=found["attribution"])


def day(record: Members, name: str) -> str | None:
    """A date as exactly as it is known, in the forms of ISO 8601: 2024-05-24, 2024-W21, 2024-05, 2024."""
    text: str | None = record[name]
    if text is None:
        return None
    match record[f"{name}Precision"]:
        case "YEAR":
            return text[:4]
        case "MONTH":
            return text[:7]
        case "WEEK":
            year, week, _ = date.fromisoformat(text).isocalendar()
            return f"{year}-W{week:02}"
    return text


def there(**members: Any) -> Members:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


LINKED: dict[str, Linked] = {
    written.__name__: Linked((files("api") / "linked" / f"{written.__name__}.graphql").read_text("utf-8"), written)
    for written in (entity, source, proposition, statement)
}
"""By the name of the operation whose route answers with it too."""
