"""How much one operation may ask for: each limit has the name of the setting that it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Whoever runs into a limit is told its name and its value.

    Those of the document come first, for they are looked at before anything is validated: what is let through is
    read in a tenth of a second. The depths are what SQLite was measured to bear, less a margin.
    """

    max_tokens: int = 2_000
    """Words, numbers, texts and signs in a document. Our longest own operation has 246."""
    max_operations: int = 20
    """Operations in a document, of which one is executed: each is validated."""
    max_fragments: int = 100
    """Fragments that a document defines."""
    max_root_fields: int = 50
    """Fields that an operation begins with."""
    max_aliases: int = 100
    """Fields that an operation or fragments ask for under another name than their own."""

    max_variable_values: int = 5_000
    """Values in the variables of a request, those in lists and objects included."""
    max_variable_depth: int = 20
    """Lists and objects inside each other in a variable."""

    default_page_size: int = 20
    max_page_size: int = 100
    max_depth: int = 15
    """Objects and lists inside each other, from the root field down. SQLite bears 24 of the worst."""
    max_fields: int = 500
    """Fields of the answer's shape, all levels together. A statement can hold 2,000."""
    max_filter_objects: int = 300
    """Objects in the filters and orders of all fields together: each takes time to plan."""
    max_filter_depth: int = 10
    """Objects inside each other in one filter. SQLite bears 29 of the worst at the root, 15 at the greatest depth."""
    max_cost: int = 100_000
    """Values that the answer could hold if every page were full; see cost.py."""

    max_network_holders: int = 2_000
    """Nodes of a network, or rows of a matrix: they are compared each with each."""
    max_network_edges: int = 50_000
    """Edges that a network answers with."""
    max_network_evidence: int = 200_000
    """Coded statements that the edges of a network, the cells of a matrix or the windows of a timeline answer with, all
    together."""
    max_timeline_windows: int = 1_000
    """Windows of a timeline, and periods in one of them."""
    max_timeline_statements: int = 20_000_000
    """Coded statements that are counted in the windows of a timeline, each in all the windows that it is in."""
    max_timeline_holders: int = 3_000
    """Holders in the windows of a timeline, all together, where they are compared each with each."""
    max_analysis_cost: int = 500_000
    """Values of an answer with an analysis in it, whose lists are computed before."""
