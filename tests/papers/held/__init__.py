"""Papers held back: whoever writes a reader looks at their totals only. None yet."""

from __future__ import annotations

from tests.papers.combining import Parts


def parts() -> Parts:
    """Return what the held papers are combined of."""
    return Parts((), (), (), wanted=0, draw="third")
