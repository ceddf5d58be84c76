"""The period that a question names."""

from __future__ import annotations

import pytest

from service.answering.reading.stated_values import find_period


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Was war im Herbst 2023?", "2023-09", "2023-11"),
        ("Was war beim Winterdienst 2023?", "2023", "2023"),
    ],
)
def test_a_season_is_three_months(question: str, since: str, until: str) -> None:
    assert find_period(question)[0] == (since, until)
