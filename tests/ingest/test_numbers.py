"""Numbers as papers print them, how they are compared and count on, and the keys that are made of
them.
"""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.keys import Keys, shape_of
from ingest.readers.numbers import (
    leading_letter,
    leading_number,
    parse_number,
    ref_parts,
)
from ingest.readers.sequences import follows
from tests.ingest.cases import cases
from vectorstore.language import fold_ref


def read_number(text: str) -> tuple[str, str, str]:
    """Return the ref of a number, its whole shape ("M {n}", "{n}.{n}", "Maßnahme {n}"), and what
    follows it.
    """
    number = parse_number(text)
    assert number is not None
    gap = re.match(r"\W*", number.ref.removeprefix(number.code))
    assert gap is not None
    between = gap[0].replace("–", "-") if number.code else ""
    shape = f"{number.word} {number.code}{between}{number.shape}".strip()
    return number.ref, shape, number.text_after


@cases("text", "ref", "label", "rest")
def test_numbers_before_titles(text: str, ref: str, label: str, rest: str) -> None:
    assert read_number(text) == (ref, label, rest)


@cases("text", "ref", "label", "counts")
def test_numbers_in_many_notations(
    text: str, ref: str, label: str, counts: tuple[int, ...]
) -> None:
    assert read_number(text) == (ref, label, "Rad")
    assert ref_parts(ref, roman="{roman}" in label) == counts


@cases("text")
def test_years_dates_and_quantities_number_nothing(text: str) -> None:
    assert parse_number(text) is None


@cases("first", "second", "same")
def test_refs_are_compared_without_spaces_case_and_zeros(
    first: str, second: str, same: bool
) -> None:
    assert (fold_ref(first) == fold_ref(second)) is same


@given(
    st.sampled_from(("M", "K-", "HF ", "", "A.", "Z2-M")), st.integers(1, 300), st.integers(1, 3)
)
def test_every_number_that_is_printed_is_the_ref_it_is_compared_by(
    code: str, number: int, width: int
) -> None:
    ref = f"{code}{number:0{width}}"
    found, _, title = read_number(f"{ref} Radwege bauen")
    assert (fold_ref(found), title) == (fold_ref(f"{code}{number}"), "Radwege bauen")


@cases("text")
def test_what_heads_no_chapter(text: str) -> None:
    assert leading_number(text) is None


@cases("text", "parts")
def test_numbers_of_chapters(text: str, parts: tuple[int, ...]) -> None:
    number = leading_number(text)
    assert number is not None and number.parts == parts


def test_letters_of_parts() -> None:
    letter = leading_letter("B. Ziele")
    assert letter is not None and (letter.ref, letter.parts) == ("B", (2,))
    assert leading_letter("z. B. Ziele") is None


@cases("first", "second", "comes_next")
def test_numbers_count_on(
    first: tuple[int, ...], second: tuple[int, ...], comes_next: bool
) -> None:
    assert follows(first, second) is comes_next


@cases("text", "word")
def test_the_total_behind_a_number(text: str, word: str) -> None:
    number = parse_number(text)
    assert number is not None and (number.ref, number.total, number.word) == ("7", 52, word)


def test_shapes_and_keys() -> None:
    assert [shape_of(ref) for ref in ("5.5.2.1", "M 12", "B.X", "1.1~a", "3a", "1.1.b")] == [
        "{n}.{n}.{n}.{n}", "M {n}", "B.{n}", "{n}.{n}", "{n}", "{n}.{n}.{letter}"
    ]  # fmt: skip
    keys = Keys()
    assert [keys.make(ref) for ref in ("M 1", "Umsetzung", "Umsetzung", "Straße")] == [
        "M-1", "Umsetzung", "Umsetzung~2", "Strasse"
    ]  # fmt: skip
    assert [keys.make("Archiv", first_suffix=True) for _ in range(2)] == ["Archiv~1", "Archiv~2"]


@given(st.lists(st.text(max_size=12), max_size=20))
def test_keys_are_unique_and_url_safe(refs: list[str]) -> None:
    keys = Keys()
    made = [keys.make(ref) for ref in refs]
    assert len(set(made)) == len(made)
    assert all(
        key and all(c.isascii() and (c.isalnum() or c in ".-~") for c in key) for key in made
    )


def test_a_word_of_any_length_is_looked_through_at_once() -> None:
    assert parse_number("Moor" * 12_000) is None
