"""Units of the administration beside their codes, as far as the record itself says the name."""

from __future__ import annotations

from vectorstore.records import Item, ValueKind


def units_named(item: Item) -> tuple[str, ...]:
    """Return the responsible units as printed, a bare code with the name that the record's values have for it."""
    names = {one.value: one.thing for one in item.values if one.kind is ValueKind.UNIT and one.thing}
    return tuple(_named(printed, names) for printed in item.responsible)


def _named(printed: str, names: dict[str, str]) -> str:
    name = names.get(printed.strip())
    return f"{printed} {name}" if name and name not in printed else printed
