"""The mathematics of who agrees with whom: pure functions over counts; knows nothing of SQL, GraphQL or the graph.

numbers.py       rows of numbers from text
cells.py         what is counted: how many coded statements a holder has on a concept at a level
incidence.py     the counts as matrices, some concepts at a time
agreement.py     one-mode networks: holder × holder
evidence.py      what each edge of such a network is made of
network.py       the network itself: nodes, edges, weights
matrix.py        the two-mode network: holder × concept
balance.py       how close a network is to two camps that agree inside and disagree across: by triangles, by edges
walks.py         the same by closed walks
frustration.py   the two camps, and how many edges speak against them
partition.py     the search for them: exhaustive where the network is small, by moving nodes where it is not
parts.py         what is connected with what
communities.py   groups of nodes that agree more inside than across
polarization.py  how divided the counts of an ordered scale are
division.py      the same over several concepts: the mean, each weighed by how many stand somewhere on it
calendar.py      days, weeks, months, years, each numbered one after the other
windows.py       which coded statements count in which window over time

Statements count as Discourse Network Analyzer counts them (Leifeld, Gruber & Bossner: DNA Manual): one for each link
of a stance to a statement that is evidence for it. A level is where a position stands on the scale from OPPOSE (0)
by way of a halfway level (1) to SUPPORT (2).

What counts whole numbers comes out the same on every machine and from every database, to the last bit. Only the walk
balance and the communities' modularity are sums of rounded numbers: show them with nine decimals.
"""
