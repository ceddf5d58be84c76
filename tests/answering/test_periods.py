"""The period that a question names."""

from __future__ import annotations

import pytest

from service.answering.reading.values import find_period


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Was war im Winter 2023?", "2023-12", "2024-02"),
        ("Was war im Winter 2023/24?", "2023-12", "2024-02"),
        ("Was war im Winter 2023/2024?", "2023-12", "2024-02"),
        ("what happened in winter 2023", "2023-12", "2024-02"),
        ("Was ist seit dem Winter 2023 fertig?", "2023-12", ""),
        ("Was wird bis Winter 2023 fertig?", "", "2024-02"),
        ("Was war im Winter 2023/2026?", "", ""),
        ("Was war im Winter 1999/2000?", "1999-12", "2000-02"),
        ("Was war im Herbst 2023?", "2023-09", "2023-11"),
        ("Was war beim Winterdienst 2023?", "2023", "2023"),
    ],
)
def test_a_season_is_three_months_and_a_winter_ends_in_the_next_year(
    question: str, since: str, until: str
) -> None:
    assert find_period(question)[0] == (since, until)


def test_the_word_winter_belongs_to_the_period() -> None:
    assert {"winter", "2023", "seit"} <= find_period("seit dem Winter 2023")[1]
    assert "winter" not in find_period("Winter 2023/2026")[1]
