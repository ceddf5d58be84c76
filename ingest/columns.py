"""What the columns of a table mean: by the words of their heads, or by what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.layout.lines import squash
from ingest.plan.numbers import printed_number
from ingest.plan.words import meaning, status_of

MARK = re.compile(r"^[xX×✓✔●•■☒√+○◐◑◔◕▲▼►]{1,3}$")
YEAR = re.compile(r"^(?:ab |bis |vor |nach )?((?:19|20)\d\d)(?:\s?[/–-]\s?(?:20)?\d\d)?(?: ff\.?)?$", re.I)
_LONGEST_HEAD, _LONGEST_STATUS = 60, 40  # characters of a column's head
_NUMBERED = 0.9  # share of a column's cells that must be different numbers to number its rows
_MOSTLY = 0.7  # share of a column's cells that must be alike to tell what it holds


def roles_of(heads: Sequence[Sequence[str]]) -> list[str]:
    """Return what the columns' heads say: a field, "is:<status>", "year:<year>" or "".

    Words used for want of better ones count where no other column has them. A table without a column of titles that
    numbers its goals has their wording as titles.
    """
    roles = [next((role for text in texts if (role := _role(text))), "") for texts in heads]
    for index, texts in enumerate(heads):
        guess = meaning(texts[0], weak=True) if texts else None
        if guess and guess not in roles and not roles[index]:
            roles[index] = guess
    if "title" not in roles and "goal" in roles:
        roles[roles.index("goal")] = "title"
    return roles


def _role(text: str) -> str:
    status = status_of(squash(text).lower()) if len(text) <= _LONGEST_STATUS else None
    return _plain_role(text) or (f"is:{status}" if status else "")


def _plain_role(text: str) -> str:
    year = YEAR.match(text)
    return f"year:{year[1]}" if year else meaning(text) or ""


def names_columns(texts: Sequence[str], below: bool = False) -> bool:
    """Tell whether the filled cells of a row name columns; `below` another row of a head there must be no doubt."""
    if len(texts) < 2 or any(map(MARK.match, texts)):
        return False
    if any(numbers_row(text) and not YEAR.match(text) for text in texts[:2]):
        return False
    if any(len(text) > _LONGEST_HEAD and text.rstrip().endswith(".") for text in texts):
        return False
    short = [text for text in texts if len(text) <= _LONGEST_HEAD]
    states = Counter(str(one) for text in short if len(text) <= _LONGEST_STATUS and (one := status_of(text)))
    distinct = len(states) > 1 and max(states.values()) == 1
    named = sum(
        bool(_plain_role(text) or meaning(text, weak=not below)) or (distinct and bool(status_of(text)))
        for text in short
    )
    return named >= 2 and named >= 0.5 * len(texts)


def numbers_row(text: str) -> bool:
    """Tell whether a cell is nothing but a number as records have one: "Maßnahme 7", "3.2.1", "P[4]"."""
    number = printed_number(text)
    return number is not None and not number.rest


def told_by_values(cells: Sequence[str]) -> str:
    """Return "ref" where a column under an unknown head holds another number in (nearly) each row, else ""."""
    filled = [cell for cell in cells if cell]
    numbers = {cell for cell in filled if numbers_row(cell) and not YEAR.match(cell)}
    return "ref" if len(filled) >= max(3, 0.5 * len(cells)) and len(numbers) >= _NUMBERED * len(filled) else ""


def told_by_contents(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the roles of columns without heads by what stands in them: running numbers, then short titles."""
    roles = [""] * len(columns)
    for index, cells in enumerate(columns[:2]):
        numbers = {cell for cell in cells if cell and numbers_row(cell)}
        if len(numbers) >= max(3, _MOSTLY * len(cells)) and index + 1 < len(columns):
            if _are_titles([cell for cell in columns[index + 1] if cell]):
                roles[index], roles[index + 1] = "ref", "title"
            break
    return roles


def _are_titles(cells: Sequence[str]) -> bool:
    """Tell whether cells read like titles: words with a capital or in quotes, short, each another."""
    short = {cell for cell in cells if re.match(r"^[„\"A-ZÄÖÜ]", cell) and len(cell) <= 160}
    return len(short) >= _MOSTLY * len(cells) > 0
