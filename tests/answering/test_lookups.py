"""Look-ups that stand for comparing with everything: they find what that would find."""

from __future__ import annotations

import pytest

from service.answering.corpus import Corpus
from service.answering.verification.names import Names
from service.answering.verification.verbatim import Passage, words


def test_a_name_is_told_by_its_longest_form_and_in_the_genitive(corpus: Corpus) -> None:
    names = Names(corpus)
    title = next(item.title for item in corpus.catalogue.items if len(words(item.title)) == 3)
    told = " ".join(words(title))
    assert told in names.find(f"Dazu gehört {title}.")
    assert told in names.find(f"Das Ziel von {title}s ist alt.")
    assert told not in names.find(title.rsplit(" ", 1)[0])


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
    assert Passage("Rad\u00adwege an\nKreis\u00adstraßen:\u00a0 12,5 km").contains(quote) is stands
