"""Parts that differ: every field can be one, and excerpts of long texts have the difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.vectorstore.samples import parsed_document
from vectorstore.records import Field, compare_pair

LONG = " ".join(f"Der Abschnitt {number} bleibt, wie er war." for number in range(11))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{LONG} Er gilt bis 2027.", f"{LONG} Er gilt bis 2028."),
        (f"Neubau eines Bads. {LONG}", f"Umbau eines Bads. {LONG}"),
        (f"{LONG} Heute {LONG}", f"{LONG} Morgen {LONG}"),
    ],
)
def test_the_difference_is_in_both_excerpts(before: str, after: str) -> None:
    parsed = parsed_document()
    item = next(item for item in parsed.items if item.ref == "1.1")
    pair = (replace(item, body=before), replace(item, body=after))
    (part,) = compare_pair(pair, parsed, parsed).parts
    assert part.before.text != part.after.text
    for excerpt, text in ((part.before, before), (part.after, after)):
        assert excerpt.text.strip("… ") in text


@pytest.mark.parametrize("meaning", ["steps", None])
def test_each_field_of_one_label_is_a_part(meaning: str | None) -> None:
    parsed = parsed_document()
    before, after = (
        replace(
            parsed.items[1],
            body=text,
            fields=tuple(Field("Schritt", step, meaning) for step in text.split()),
        )
        for text in ("Planung Vergabe Bau", "Planung Vergabe Betrieb")
    )
    (part,) = compare_pair((before, after), parsed, parsed).parts
    assert (part.before.text, part.after.text) == ("Bau", "Betrieb")
