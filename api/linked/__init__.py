"""Linked data: single records as JSON-LD, in the terms of schema.org and of the W3C Web Annotation model.

Each file is the query for one kind of record; records.py writes its answer in
the terms of terms.py, which context.jsonld explains.
"""
