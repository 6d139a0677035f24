"""The measures as enums of the graph: whoever has one as an argument or field gets it from here."""

from collections.abc import Mapping
from enum import Enum

import strawberry

from schema.analysis.agreement import Measure, Normalization
from schema.analysis.calendar import Every
from schema.analysis.matrix import Cell, Share


def _described(terms: type[Enum], name: str, description: str, meanings: Mapping[Enum, str]) -> None:
    """Make a Strawberry enum, each value with its meaning."""
    strawberry.enum(terms, name=name, description=description)
    for value, term in zip(terms.__strawberry_definition__.values, terms, strict=True):  # type: ignore[attr-defined]
        value.description = meanings[term]


_described(
    Measure,
    "AgreementMeasure",
    "How a tie of two actors is weighed: summed over propositions and over all pairs of a coded statement of one and a "
    "coded statement of the other, by how far apart their positions are (OPPOSE 0, SUPPORT 1; halfway ½).",
    {
        Measure.CONGRUENCE: "Agreement: 1 less the distance.",
        Measure.CONFLICT: "Disagreement: the distance.",
        Measure.SUBTRACT: "Agreement less disagreement: below 0 where the two differ more than they agree.",
        Measure.IGNORE: "Attention: 1 for each pair, whatever the positions; agreement and disagreement together.",
    },
)
_described(
    Normalization,
    "Normalization",
    "What the weight of a tie is divided by, so that those who speak often do not outweigh the rest.",
    {
        Normalization.NONE: "It is left as it is.",
        Normalization.AVERAGE: "The mean of how many coded statements the two have.",
        Normalization.JACCARD: "What they share and what either has alone, together.",
        Normalization.DNA_COSINE: "The product of how many coded statements the two have: what Discourse Network "
        "Analyzer calls cosine, which is not the cosine of linear algebra.",
    },
)
_described(
    Cell,
    "MatrixCell",
    "What the coded statements of a holder on a proposition are put together to.",
    {
        Cell.COUNT: "How many there are, whatever the position.",
        Cell.SUBTRACT: "Those that support less those that oppose; halfway ones add nothing.",
        Cell.COMBINE: "A code: 1 support only, 2 oppose only, 3 both, 0 neither, where all are halfway.",
    },
)
_described(
    Share,
    "MatrixNormalization",
    "What a cell of a matrix is divided by.",
    {
        Share.NONE: "It is left as it is.",
        Share.ACTIVITY: "All coded statements of the holder: how much of what it says is about this.",
        Share.PROMINENCE: "All coded statements on the proposition: how much of what is said on it is the holder's.",
    },
)
_described(
    Every,
    "Every",
    "How long a period of a timeline is.",
    {
        Every.DAY: "A day.",
        Every.WEEK: "An ISO week, from Monday on.",
        Every.MONTH: "A month of the calendar.",
        Every.YEAR: "A year of the calendar.",
    },
)

__all__ = ["Cell", "Every", "Measure", "Normalization", "Share"]
