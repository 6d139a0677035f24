"""Exports: what the graph answers, as files of one table, a network or a data set, streamed while they are made."""
