"""Which of the media types that we have a client wants most: the header Accept, as RFC 9110 reads it."""

from functools import lru_cache


@lru_cache(maxsize=256)
def preferred(accept: bytes, ours: tuple[bytes, ...]) -> bytes | None:
    """The one of `ours` that the header prefers; None if it will have none of them. An empty header takes any.

    The weight (`q`) decides; then a type that is named before one that a wildcard stands for; then the client's
    order, then ours.
    """
    ranges = [_range(part) for part in accept.split(b",") if part.strip()] or [(b"*/*", 1.0)]
    best, chosen = (0.0, 0, 0), None
    for media_type in ours:
        # The most specific range that fits says what the type is worth, whatever the others say.
        fits = [
            (specificity, -place, weight)
            for place, (named, weight) in enumerate(ranges)
            if (specificity := _specificity(named, media_type))
        ]
        if fits:
            specificity, place, weight = max(fits)
            if weight > 0 and (weight, specificity, place) > best:
                best, chosen = (weight, specificity, place), media_type
    return chosen


def _specificity(named: bytes, media_type: bytes) -> int:
    """How exactly a range names a media type; 0 if it does not stand for it."""
    if named == media_type:
        return 3
    if named.endswith(b"/*") and named != b"*/*" and media_type.startswith(named[:-1]):
        return 2
    return 1 if named == b"*/*" else 0


def _range(part: bytes) -> tuple[bytes, float]:
    """A media range without its parameters, and its weight: 1 where it has none that is a number."""
    named, *parameters = part.lower().split(b";")
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"q":
            weight = _weight(value.strip())
    return named.strip(), weight


def _weight(text: bytes) -> float:
    digits = text.replace(b".", b"", 1)
    return min(1.0, float(text)) if len(text) <= 5 and digits.isdigit() else 1.0
