"""The actors of a synthetic data set: a number in, the entity's record out."""

from collections.abc import Iterator
from typing import Any

from seeds.synthetic.chance import Chance
from seeds.synthetic.names import person, place, slugged
from seeds.synthetic.scale import FIRST_YEAR, LAST_YEAR, Scale

OFFICES = ("Minister of Harbours", "Minister of Schools", "Minister of Forests", "Prime Minister", "Spokesperson")
SEATS = ("member", "deputy leader", "leader", "treasurer")

ENTITY = 1
"""The key of the draws that make an entity."""


class Cast:
    """Every actor by its number: organizations first, then countries, governments, parties, media, groups, persons.

    So what an actor is a member of mostly has a lower number than it has itself.
    """

    def __init__(self, scale: Scale, seed: int) -> None:
        self.scale = scale
        self.seed = seed
        self.countries = scale.organizations
        self.governments = self.countries + scale.countries
        self.parties = self.governments + scale.governments
        self.media = self.parties + scale.parties
        self.groups = self.media + scale.media
        self.persons = self.groups + scale.groups

    def records(self) -> Iterator[dict[str, Any]]:
        """The entities, in the order of their numbers."""
        return map(self.record, range(self.scale.entities))

    def slug(self, number: int) -> str:
        """The slug of the actor of that number."""
        if number >= self.persons:
            return person(number, Chance(self.seed, ENTITY, number))[0]
        if number < self.countries:
            return f"union-of-{slugged(place(number))}"
        if number < self.governments:
            return slugged(place(number))
        if number < self.parties:
            return f"government-of-{slugged(place(number - self.scale.countries))}"
        if number < self.media:
            return f"{slugged(place(number))}-party"
        if number < self.groups:
            return f"{slugged(place(number))}-courier"
        return f"dockers-of-{slugged(place(number))}"

    def is_person(self, number: int) -> bool:
        """Whether the actor of that number is one; all others act together."""
        return number >= self.persons

    def record(self, number: int) -> dict[str, Any]:
        """The record of the actor of that number."""
        chance = Chance(self.seed, ENTITY, number)
        if number >= self.persons:
            return self._person(number, chance)
        fields: dict[str, Any] = {"slug": self.slug(number)}
        name = place(number)
        if number < self.countries:
            fields |= {"name": f"Union of {name}", "type": "ORGANIZATION", "aliases": [f"U{name[:2].upper()}"]}
        elif number < self.governments:
            unions = sorted({chance.skewed(self.countries) for _ in range(1 + chance.below(3))})
            fields |= {"name": name, "type": "COUNTRY"}
            fields["memberships"] = [self._since(union, "member state", chance) for union in unions]
        elif number < self.parties:
            country = number - self.scale.countries
            fields |= {"name": f"Government of {place(country)}", "type": "GOVERNMENT"}
            fields["memberships"] = [{"organization": self.slug(country)}]
        elif number < self.media:
            fields |= {"name": f"{name} Party", "type": "PARTY", "aliases": [f"{name[:3].upper()}P"]}
            fields["memberships"] = [self._since(self._country(chance), "party", chance)]
        elif number < self.groups:
            fields |= {"name": f"The {name} Courier", "type": "MEDIA"}
        else:
            fields |= {"name": f"Dockers of {name}", "type": "GROUP"}
        fields["description"] = "Synthetic: made up by a generator; there is no such actor."
        return fields

    def government(self, number: int) -> int | None:
        """The government that the person of that number is in, if any: the first of its memberships."""
        chance = Chance(self.seed, ENTITY, number, 1)
        return self.governments + chance.skewed(self.scale.governments) if chance.happens(40) else None

    def _person(self, number: int, chance: Chance) -> dict[str, Any]:
        slug, name = person(number, chance)
        memberships = []
        government = self.government(number)
        year = FIRST_YEAR + chance.below(LAST_YEAR - FIRST_YEAR - 3)
        if government is not None:
            office: dict[str, Any] = {"organization": self.slug(government), "role": chance.one_of(OFFICES)}
            memberships.append(office | {"since": f"{year}-0{1 + chance.below(9)}-1{chance.below(10)}"})
            if chance.happens(60):
                memberships[0]["until"] = f"{year + 1 + chance.below(LAST_YEAR - year)}-0{1 + chance.below(9)}"
        party = self.parties + chance.skewed(self.scale.parties)
        memberships.append({"organization": self.slug(party), "role": chance.one_of(SEATS), "since": str(year)})
        if chance.happens(50):
            union = chance.skewed(self.countries)
            memberships.append(self._since(union, "delegate", chance))
        aliases = [name.rsplit(" ", 1)[1]] if chance.happens(60) else []
        if chance.happens(30):
            aliases.append(f"{name[0]}. {name.rsplit(' ', 1)[1]}")
        fields: dict[str, Any] = {"slug": slug, "name": name, "type": "PERSON"}
        if aliases:
            fields["aliases"] = aliases
        return fields | {
            "description": "Synthetic: made up by a generator; there is no such person.",
            "memberships": memberships,
        }

    def _country(self, chance: Chance) -> int:
        return self.countries + chance.skewed(self.scale.countries)

    def _since(self, organization: int, role: str, chance: Chance) -> dict[str, Any]:
        year = FIRST_YEAR + chance.below(LAST_YEAR - FIRST_YEAR)
        return {"organization": self.slug(organization), "role": role, "since": str(year)}
