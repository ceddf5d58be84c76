"""Papers held back: other layouts, labels, numberings and words. Who writes a reader looks at their totals only."""

from __future__ import annotations

from tests.papers.combining import Parts


def parts() -> Parts:
    """Return what the held papers are combined of: nothing yet."""
    return Parts((), (), (), wanted=0)
