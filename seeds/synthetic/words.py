"""What is said in a synthetic debate: draws and a subject in, a sentence about harbours and schools out."""

from collections.abc import Sequence

from seeds.synthetic.chance import Chance
from seeds.synthetic.names import place

SAYINGS = ("Says that", "Tells reporters that", "Writes that", "Has long held that", "Warns that", "Is sure that")
DEEDS = ("Votes in the belief that", "Signs a paper by which", "Pays for a study because", "Declares that")
REASONS = (
    "because the {noun} of {place} cannot wait for another {season}",
    "as long as {place} and {other} share what the {noun} costs",
    "now that the {noun} in {place} is {state}",
    "for {other} has shown in the {season} what a {state} {noun} is worth",
    "whatever the engineers of {place} think of the {noun} this {season}",
    "since nobody in {place} uses the {state} {noun} any more",
    "and that {other} ought to have said so before the {season}",
    "provided the {noun} between {place} and {other} stays {state}",
)
_NOUNS = """
quay crane ferry timetable roof chimney bakery budget survey contract archive orchestra nursery well tunnel signal
engine meadow cellar staircase clock harvest tariff ledger choir pavement reservoir windmill
"""
NOUNS = _NOUNS.split()
_STATES = "old empty crowded leaking rented painted unfinished quiet expensive borrowed narrow flooded new"
STATES = _STATES.split()
SEASONS = ("spring", "summer", "autumn", "winter", "regatta", "harvest", "school year", "election")

VENUES = ("press conference", "parliament", "radio interview", "town hall meeting", "party congress", "open letter")
CONDITIONS = ("if the budget allows it", "only for two years", "if the neighbours agree", "as part of a wider plan")

# Places of which people talk: few of them all the time.
PLACES = [place(number * 7 + 3) for number in range(4000)]


def sentence(chance: Chance, subject: str, done: str, against: bool, openings: Sequence[str]) -> str:
    """One sentence of 60 to 200 characters; without openings it says what is wanted in so many words."""
    reason = chance.one_of(REASONS).format(
        noun=chance.one_of(NOUNS),
        place=PLACES[chance.skewed(len(PLACES))],
        other=PLACES[chance.skewed(len(PLACES))],
        season=chance.one_of(SEASONS),
        state=chance.one_of(STATES),
    )
    wanted = f"{subject} should {'not ' if against else ''}be {done}, {reason}."
    return f"{chance.one_of(openings)} {wanted}" if openings else f"{wanted[0].upper()}{wanted[1:]}"
