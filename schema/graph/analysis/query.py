"""The root fields of analysis."""

from typing import Annotated, Any

import strawberry

from schema.engine.fields import sql
from schema.engine.groundwork import Grounded
from schema.graph.analysis.course import Course
from schema.graph.analysis.matrix import PositionMatrix, Positions
from schema.graph.analysis.network import Agreement, AgreementNetwork
from schema.graph.analysis.settings import DividedBy, Selection, Weighed, selection
from schema.graph.analysis.terms import Cell, Every, Measure, Normalization, Share
from schema.graph.analysis.timeline import Timeline


@strawberry.type
class Analyses:
    """Root fields that Query has."""

    @sql(
        description="Who agrees with whom: a network of the actors that took positions on the same propositions, each "
        "tie with the coded statements that it is made of.",
        gathering=selection,
    )
    def agreement_network(
        self: Any,
        selection: Selection,
        measure: Weighed = Measure.SUBTRACT,
        normalization: DividedBy = Normalization.NONE,
        min_weight: Annotated[
            float | None, strawberry.argument(description="Only ties of at least this weight; it may be negative.")
        ] = None,
    ) -> AgreementNetwork:
        """See schema.graph.analysis.network."""
        agreement = Agreement(selection, measure, normalization, min_weight)
        return Grounded(agreement.work, agreement)

    @sql(
        description="Who stands where on what: a matrix of holders and propositions, each cell with the coded "
        "statements that it is made of.",
        gathering=selection,
    )
    def position_matrix(
        self: Any,
        selection: Selection,
        cell: Annotated[Cell, strawberry.argument(description="What stands in a cell.")] = Cell.SUBTRACT,
        normalization: Annotated[
            Share, strawberry.argument(description="What it is divided by; COMBINE takes NONE only.")
        ] = Share.NONE,
    ) -> PositionMatrix:
        """See schema.graph.analysis.matrix."""
        positions = Positions(selection, cell, normalization)
        return Grounded(positions.work, positions)

    @sql(
        description="How a debate went: who said how much, on which side, how divided and how close to two camps, "
        "window after window. What repeats counts once in each window, as duplicates has it, so that a window of "
        "several periods may have fewer coded statements than these together.",
        gathering=selection,
    )
    def timeline(
        self: Any,
        selection: Selection,
        every: Annotated[Every, strawberry.argument(description="How long a period is.")] = Every.MONTH,
        window: Annotated[
            int,
            strawberry.argument(
                description="How many periods a window has, the one it is for and those before: 1 or more. With more "
                "the windows roll: every: MONTH, window: 12 has a year in each, a month on from one to the next."
            ),
        ] = 1,
    ) -> Timeline:
        """See schema.graph.analysis.timeline."""
        course = Course(selection, every, window)
        return Grounded(course.work, course)
