"""Look-ups that stand for comparing with everything: they find what that would find."""

from __future__ import annotations

import pytest

from service.answering.verification.verbatim import VerbatimPassage


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Radwege", True),
        ("Rad", False),
        ("wege", False),
        ("Radwegean", True),
        ("Kreisstraßen", True),
        ("12", False),
        ("12,5km", True),
    ],
)
def test_a_quote_stands_where_it_cuts_no_word_and_no_number(quote: str, stands: bool) -> None:
    assert VerbatimPassage("Rad\u00adwege an\nKreis\u00adstraßen:\u00a0 12,5 km").contains(quote) is stands
