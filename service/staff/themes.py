"""The theme of a record, and what the theme filter takes for it."""

from __future__ import annotations

from vectorstore.records import Item, ItemKind, RefTitle


def theme_of(item: Item) -> RefTitle | None:
    """Return the theme that an item belongs to, or that it is."""
    return RefTitle(item.ref, item.title) if item.kind is ItemKind.THEME else item.theme


def theme_value(theme: RefTitle) -> str:
    """Return what the theme filter takes for a theme: its title, its number where the title begins with a digit."""
    return theme.ref if theme.title[:1].isdigit() or not theme.title.strip() else theme.title
