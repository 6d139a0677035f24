"""Addresses that more than one room has to know."""

REST = "/api/v1"

HEALTH, READINESS, METRICS = "/healthz", "/readyz", "/metrics"

OPERATING = frozenset({HEALTH, READINESS, METRICS})
"""The paths that machines ask all day: never turned away, neither counted nor logged."""
