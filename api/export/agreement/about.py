"""What is said of an analysis as a whole: how it was asked for, what it covers, and under which licence."""

from collections.abc import Mapping
from typing import Any

from graphql import Undefined

from api.export.licences import licence_addresses
from api.export.tables import QUOTATIONS
from api.rest.operation import RestOperation


def settings(operation: RestOperation, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a request with their values, those that were not given with what they are then."""
    known = {name: variables.get(name, parameter.default) for name, parameter in operation.parameters.items()}
    return {name: value for name, value in known.items() if value is not Undefined and value is not None}


def coverage_in_words(coverage: dict[str, Any]) -> str:
    """How much of the record is in it, and what is not."""
    left_out = [
        f"{each['codedStatements']} {each['reason']}" for each in coverage["excluded"] if each["codedStatements"]
    ]
    return (
        f"{coverage['counted']} coded statements of {coverage['holders'] - coverage['without']} of "
        f"{coverage['holders']} entities; left out: {', '.join(left_out) or 'none'}"
    )


def description(asked: Mapping[str, Any], parts: dict[str, Any], licences: list[str]) -> str:
    """A network in words: GEXF has no other place for any of this."""
    addresses = ", ".join(licence_addresses(licences))
    rights = f" The annotations are under {addresses}." if addresses else ""
    return (
        "Stancebase: who agrees with whom. An edge is a tie between two that took positions on the same propositions. "
        f"Settings: {', '.join(f'{name}={value}' for name, value in asked.items())}. "
        f"Coverage: {coverage_in_words(parts['coverage'])}.{rights} {QUOTATIONS}"
    )


def figures(asked: Mapping[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """The settings, the coverage and the balance by names, for where a file has a place for them."""
    coverage, balance = parts["coverage"], parts["balance"] or {}
    return {
        **asked,
        **{f"coverage_{name}": coverage[name] for name in ("holders", "without", "counted")},
        **{f"excluded_{each['reason'].lower()}": each["codedStatements"] for each in coverage["excluded"]},
        **{f"balance_{name}": value for name, value in balance.items() if name != "camps" and value is not None},
    }
