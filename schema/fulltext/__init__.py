"""The index of words: which of them stand in which entity, proposition or statement.

indexed.py     what is indexed, and how an entry says which record it is of
folding.py     what a word is, and which words are the same but for case and accents: on both databases
search.py      the records that have some words
sqlite.py      the index as an FTS5 table, kept by triggers
postgresql.py  the index as a table of tsvectors; triggers note what is to be indexed anew, a load does it
"""
