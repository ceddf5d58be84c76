"""What the columns of a table mean: by the words of their heads, by a plan, or by what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.layout.lines import squash
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import printed_number
from ingest.plan.statuses import status_of
from ingest.plan.terms import meaning

NO_PLAN = ReadingPlan()
MARK = re.compile(r"^[xX×✓✔●•■☒√+○◐◑◔◕▲▼►]{1,3}$")
YEAR = re.compile(r"^(?:ab |bis |vor |nach )?((?:19|20)\d\d)(?:\s?[/–-]\s?(?:20)?\d\d)?(?: ff\.?)?$", re.I)
_LONGEST_HEAD = 60  # characters of a column's head
_NUMBERED = 0.9  # share of a column's cells that must be different numbers to number its rows
_MOSTLY = 0.7  # share of a column's cells that must be alike to tell what it holds


def role_of(texts: Sequence[str], plan: ReadingPlan = NO_PLAN) -> str:
    """Return what a column's head says, the most exact text first: a field, "is:<status>", "year:<year>" or ""."""
    for text in texts:
        role = plan.field_of(text) or _plain_role(text) or _plain_role(squash(text))
        if role:
            return role
        status = status_of(squash(text).lower()) if len(text) <= 40 else None
        if status:
            return f"is:{status}"
    return ""


def _plain_role(text: str) -> str:
    if len(text) > _LONGEST_HEAD:
        return ""
    year = YEAR.match(text)
    return f"year:{year[1]}" if year else meaning(text) or ""


def roles_of(heads: Sequence[Sequence[str]], plan: ReadingPlan = NO_PLAN) -> list[str]:
    """Return the roles of a table's columns; words used for want of better ones count where no other column has them.

    A table without a column of titles that numbers its goals has their wording as titles.
    """
    roles = [role_of(texts, plan) for texts in heads]
    for index, texts in enumerate(heads):
        guess = next((weak for text in texts[:1] if (weak := meaning(text, weak=True))), None)
        if guess and guess not in roles and (not roles[index] or roles[index].startswith("is:")):
            roles[index] = guess
    if "title" not in roles and "goal" in roles:
        roles[roles.index("goal")] = "title"
    if "title" not in roles and "ref" in roles and "description" in roles:
        roles[roles.index("description")] = "title"
    return roles


def names_columns(texts: Sequence[str], below: bool = False, plan: ReadingPlan = NO_PLAN) -> bool:
    """Tell whether the filled cells of a row name columns; `below` another row of a head there must be no doubt."""
    if len(texts) < 2 or any(map(MARK.match, texts)) or any(map(_is_number, texts[:2])):
        return False
    if any(len(text) > _LONGEST_HEAD and text.rstrip().endswith(".") for text in texts):
        return False
    short = [text for text in texts if len(text) <= _LONGEST_HEAD]
    states = Counter(str(status_of(squash(text).lower())) for text in short if len(text) <= 40 and status_of(text))
    distinct = len(states) >= 2 and max(states.values()) == 1
    named = sum(bool(_named(text, not below, plan)) or (distinct and bool(status_of(text))) for text in short)
    return named >= 2 and named >= 0.5 * len(texts)


def _named(text: str, weak: bool, plan: ReadingPlan) -> str:
    return plan.field_of(text) or _plain_role(text) or _plain_role(squash(text)) or (meaning(text, weak) or "")


def _is_number(text: str) -> bool:
    return numbers_row(text) and not YEAR.match(text)


def numbers_row(text: str) -> bool:
    """Tell whether a cell is nothing but a number as records have one: "Maßnahme 7", "3.2.1", "P[4]"."""
    number = printed_number(text)
    return number is not None and not number.rest


def told_by_values(cells: Sequence[str]) -> str:
    """Return "ref" where a column under an unknown head holds another number in (nearly) each row, else ""."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 3 or len(filled) < 0.5 * len(cells):
        return ""
    numbers = [cell for cell in filled if numbers_row(cell) and not YEAR.match(cell)]
    return "ref" if len(set(numbers)) >= _NUMBERED * len(filled) else ""


def told_by_contents(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the roles of columns without heads by what stands in them: running numbers, then short titles."""
    roles = [""] * len(columns)
    for index, cells in enumerate(columns[:2]):
        filled = [cell for cell in cells if cell]
        numbers = {cell for cell in filled if numbers_row(cell)}
        if len(numbers) >= 3 and len(numbers) >= _MOSTLY * len(cells) and index + 1 < len(columns):
            following = [cell for cell in columns[index + 1] if cell]
            if _are_titles(following):
                roles[index], roles[index + 1] = "ref", "title"
            break
    return roles


def _are_titles(cells: Sequence[str]) -> bool:
    """Tell whether cells read like titles: words with a capital or in quotes, short, each another."""
    worded = [cell for cell in cells if re.match(r"^[„\"A-ZÄÖÜ]", cell) and sum(map(str.isalpha, cell)) >= 5]
    short = [cell for cell in worded if len(cell) <= 160 and not re.search(r"[a-zäöüß]\.$", cell)]
    return len(cells) >= 3 and len(short) >= _MOSTLY * len(cells) and len(set(short)) >= _MOSTLY * len(short)
