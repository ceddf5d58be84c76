"""The forms of a text: each does to the example of its module what the table there says."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.language import text_forms

EXAMPLE = " Öko\u00adCafés \n der  Straße"
ROWS = dict(re.findall(r"^\| `(\w+)` \| (\".*\") \|$", text_forms.__doc__ or "", re.MULTILINE))
FORMS = [
    text_forms.collapse_spaces,
    text_forms.remove_spaces,
    text_forms.normalize_spaces,
    text_forms.squash,
    text_forms.fold_case,
    text_forms.fold_umlauts,
    text_forms.fold,
    text_forms.printable,
]


def test_the_table_has_every_form() -> None:
    assert sorted(ROWS) == sorted(form.__name__ for form in FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_gives_what_the_table_says(form: Callable[[str], str]) -> None:
    assert form(EXAMPLE) == ast.literal_eval(ROWS[form.__name__])


@given(st.text())
def test_forms_without_spaces_have_the_characters_of_those_with_single_ones(text: str) -> None:
    assert text_forms.collapse_spaces(text).replace(" ", "") == text_forms.remove_spaces(text)
    assert text_forms.normalize_spaces(text).replace(" ", "") == text_forms.squash(text)


@given(st.text())
def test_case_of_what_was_typed_makes_no_difference(text: str) -> None:
    assert text_forms.fold_case(text.casefold()) == text_forms.fold_case(text)
    assert text_forms.fold_umlauts(text.casefold()) == text_forms.fold_umlauts(text)
    assert text_forms.fold(text.casefold()) == text_forms.fold(text)
