"""Candidates of one number and title become one record: its sheet, its row in an overview or a schedule.

The sheet is the record; a row adds its wording of the title and what the sheet leaves out, and where the two state a
field differently both are told. Rows of a list whose records stand nowhere else are records themselves; what a heading
of a row's name has below it is that record. All this is the same whoever has read the paper.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from rapidfuzz import fuzz

from ingest.check import rekeyed
from ingest.extractors.items import Draft, Passage
from ingest.extractors.tables import Witness, theme_of
from ingest.joining import Listing, ListRow, join
from ingest.keys import RECORDS, Keys, plain_ref
from ingest.layout.lines import squash
from ingest.plan.numbers import printed_number
from prompts import say
from vectorstore.records import Conflict, ConflictValue, Evidence, Field, Item, ItemKind, ItemStatus, RefTitle

_ALIKE = 90  # likeness of two statements, 0 to 100, from which they say the same
_ENOUGH, _DIFFERING = 5, 0.6  # pairs, and the share that differs from which two columns mean different things
_FOUND = 0.5  # share of a list's rows that are records of the text, from which its other rows are told as missing
_COMPARED = ("responsible", "period", "cost", "priority")
_UNITS = re.compile(r"[,;/\n]|\s(?:und|sowie)\s")
_OFFICE_WORD = r"(?:Amt|Dez(?:ernat)?|FB|FD|Fach(?:bereich|dienst)|Abt(?:eilung)?|SG|Sachgebiet)\b\.?"
_CODE = 6  # letters of a unit's abbreviation at most
_TOLD = 5  # names of rows without a record that are told


class Places(Protocol):
    """What merging asks of the reader that made the items: `owners` says under which item a block starts."""

    document_id: str
    keys: Keys
    owners: dict[int, str]

    def page_of(self, offset: int) -> tuple[int | None, str | None]:
        """Return PDF page and printed page of an offset."""


@dataclass(slots=True)
class Merged:
    """Records after merging, what the lists say about how many there are, and their rows that are no record."""

    items: list[Item]
    listings: list[Listing] = field(default_factory=list)
    missing: list[ListRow] = field(default_factory=list)


def merge(places: Places, draft: Draft, items: Sequence[Item], witnesses: Sequence[Witness]) -> Merged:
    """Join the rows of every list with the records, one to one; rows of catalogues that stand alone become records."""
    checked = {item.key: item for item in _digit_conflicts([one for one in items if one.kind is ItemKind.PROJECT])}
    merged = Merged([checked.get(item.key, item) for item in items])
    for witness in witnesses:
        _take(places, draft, merged, witness)
    if len(merged.items) > len(items):
        merged.items.sort(key=lambda item: (item.start, item.order))
        merged.items = [replace(item, order=place) for place, item in enumerate(merged.items)]
    return merged


def _digit_conflicts(projects: Sequence[Item]) -> list[Item]:
    """Note projects whose number puts them into another status group than the heading above them."""
    votes: dict[str, Counter[ItemStatus]] = {}
    for project in projects:
        if (digit := _group_digit(project)) and project.status:
            votes.setdefault(digit, Counter())[project.status] += 1
    usual = {digit: counts.most_common(1)[0][0] for digit, counts in votes.items() if max(counts.values()) >= 3}
    return [_checked(project, usual.get(_group_digit(project) or "")) for project in projects]


def _checked(project: Item, usual: ItemStatus | None) -> Item:
    printed = re.match(r"^[\d.]+", project.status_heading or "")
    agrees = printed is None or project.ref.startswith(printed[0].rstrip(".") + ".")
    if usual is None or project.status is None or usual is project.status or agrees:
        return project
    return replace(project, conflicts=(*project.conflicts, Conflict("status", project.status.value, usual.value)))


def _group_digit(project: Item) -> str | None:
    parts = project.ref.split(".")
    return parts[2] if len(parts) == 4 else None


def archived(places: Places, draft: Draft, rows: Sequence[ListRow], items: Sequence[Item]) -> list[Item]:
    """Return a record for each row of an archive, under the theme that it names."""
    themes = {item.title.casefold(): RefTitle(item.ref, item.title) for item in items if item.kind is ItemKind.THEME}
    made: list[Item] = []
    for row in rows:
        theme = themes.get((row.theme or "").casefold()) or (RefTitle("", row.theme) if row.theme else None)
        key = places.keys.make("Archiv", first_suffix=True)
        item = replace(
            _item(places, replace(row, ref="Archiv"), "", theme=theme, goal=None, parent=None, key=key),
            kind=ItemKind.PROJECT,
            order=len(items) + len(made),
            path=("Archiv",),
            fields=(),
            status=ItemStatus.ARCHIVED,
            former_ref=row.ref or None,
        )
        draft.passages.append(Passage(key, item.start, item.end, ("Archiv", row.theme or "")))
        made.append(item)
    return made


def _take(places: Places, draft: Draft, merged: Merged, witness: Witness) -> None:
    if witness.catalogue:
        merged.items = _headed(places, draft, merged.items, witness.rows)
    kinds = RECORDS if witness.kind in RECORDS else (witness.kind,)
    candidates = [item for item in merged.items if item.kind in kinds and item.status is not ItemStatus.ARCHIVED]
    joined, left = join(candidates, witness.rows)
    compared = _compared([(item, joined[item.key]) for item in candidates if item.key in joined])
    for place, item in enumerate(merged.items):
        if row := joined.get(item.key):
            merged.items[place] = _with_row(item, row, witness.source, places.page_of(row.row.start)[0], compared)
    if witness.catalogue and len(joined) < _FOUND * len(witness.rows):
        merged.items.extend(_made(places, draft, merged.items, witness, left))
        left = []
    elif not joined:
        return
    merged.missing.extend(left)
    if witness.rows:
        merged.listings.append(_listing(places, witness, left))


def _headed(places: Places, draft: Draft, items: Sequence[Item], rows: Sequence[ListRow]) -> list[Item]:
    """Return the items; what stands under the name of a row, without a number, is its record.

    Only where most rows have such a place.
    """
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if (item.kind is ItemKind.SECTION and item.body) or (item.kind in RECORDS and item.ref == item.title):
            found[_plain_name(item.title)].append(item)
    pairs = [(found[name][0], row) for row in rows if len(found.get(name := _plain_name(row.title), ())) == 1]
    if 2 * len(pairs) < len(rows):
        return list(items)
    keys = {item.key: places.keys.make(row.ref) for item, row in pairs if row.ref}
    made = {item.key: replace(item, kind=row.kind, ref=row.ref or item.ref, family=None) for item, row in pairs}
    rename(places, draft, keys)
    return rekeyed((made.get(one.key, one) for one in items), keys)


def under_one_name(places: Places, draft: Draft, items: Sequence[Item]) -> list[Item]:
    """Return items without the sections that have the name of a theme or goal: what they say is that one's."""
    named = {_bare(one.title): one.key for one in items if one.kind in (ItemKind.THEME, ItemKind.GOAL)}
    sections = [one for one in items if one.kind is ItemKind.SECTION and one.ref == one.title]
    keys = {one.key: named[_bare(one.title)] for one in sections if _bare(one.title) in named}
    rename(places, draft, keys)
    return rekeyed((one for one in items if one.key not in keys), keys)


def rename(places: Places, draft: Draft, keys: Mapping[str, str]) -> None:
    """Give passages and blocks of items to those that take their place."""
    for passage in draft.passages:
        passage.key = keys.get(passage.key, passage.key)
    places.owners.update({start: keys[key] for start, key in places.owners.items() if key in keys})


def _plain_name(title: str) -> str:
    """Return a title as titles are compared, without the number before it."""
    number = printed_number(title)
    return _bare(number.rest if number is not None and number.rest else title)


def _listing(places: Places, witness: Witness, left: Sequence[ListRow]) -> Listing:
    told = say(f"evidence.{witness.source}", count=len(witness.rows))
    if left:
        names = ", ".join(f"{row.ref} {row.title}".strip() for row in left[:_TOLD]) + " …" * (len(left) > _TOLD)
        told = say("evidence.without", list=told, count=len(left), names=names)
    refs, titles = tuple(row.ref for row in witness.rows), tuple(row.title for row in witness.rows)
    return Listing(witness.kind, refs, titles, Evidence(told, places.page_of(witness.rows[0].row.start)[0]))


def _compared(pairs: Sequence[tuple[Item, ListRow]]) -> tuple[str, ...]:
    """Return in which fields a list can contradict the text: one that differs nearly everywhere means another thing."""
    kept = []
    for name in _COMPARED:
        both = [(own, other) for item, row in pairs if (own := _stated(item, name)) and (other := _stated(row, name))]
        differing = sum(not _agree(name, own, other) for own, other in both)
        if len(both) < _ENOUGH or differing <= _DIFFERING * len(both):
            kept.append(name)
    return tuple(kept)


def _with_row(item: Item, row: ListRow, source: str, page: int | None, compared: Sequence[str]) -> Item:
    """Return the record with what its row adds, and what the two disagree about in the fields that are `compared`."""
    said = [(name, _stated(item, name), _stated(row, name)) for name in compared]
    differing = {name: (own, other) for name, own, other in said if own and other and not _agree(name, own, other)}
    number = printed_number(printed := row.ref.partition("~")[0])
    if number is not None and not number.rest and plain_ref(printed) != plain_ref(item.ref):
        differing["ref"] = (item.ref.partition("~")[0], printed)
    if row.status and item.status and row.status is not item.status:
        differing["status"] = (item.status.value, row.status.value)
    known = [one for one in item.conflicts if one.field not in differing or one.field in _COMPARED]
    new = {name: both for name, both in differing.items() if name not in {one.field for one in known}}
    own = "sheet" if item.fields else "text"
    return replace(
        item,
        table_title=row.title if item.table_title in (None, item.title) else item.table_title,
        table_row=item.table_row or row.row.text,
        table_start=item.table_start if item.table_start is not None else row.row.start,
        **{name: getattr(item, name) or getattr(row, name) for name in _TAKEN},
        fields=item.fields if source == "list" else (*item.fields, *_further(item, row, page)),
        conflicts=(
            *known,
            *(
                Conflict(name, *both, (ConflictValue(both[0], item.page, own), ConflictValue(both[1], page, source)))
                for name, both in new.items()
            ),
        ),
    )


_TAKEN = ("status", "responsible", "cooperation", "period", "cost", "priority", "state")


def _further(item: Item, row: ListRow, page: int | None) -> list[Field]:
    """Return the fields of a row that mean something and that the record has none of the same meaning for."""
    known = {one.field for one in item.fields if one.field} | {one.label.casefold() for one in item.fields}
    return [
        one
        for one in _placed(row, page)
        if one.field is not None and one.field not in known and one.label.casefold() not in known
    ]


def _placed(row: ListRow, page: int | None) -> list[Field]:
    """Return a row's fields with their page, and their places in the document's text."""
    return [replace(one, page=page, start=row.row.start + one.start if one.start != -1 else -1) for one in row.fields]


def _stated(where: Item | ListRow, name: str) -> str:
    return "; ".join(where.responsible) if name == "responsible" else getattr(where, name) or ""


def _agree(name: str, first: str, second: str) -> bool:
    """Tell whether two statements say the same: in other words, in part, the same years, or one unit in common."""
    if name == "responsible":
        return any(_same_unit(one, other) for one in _UNITS.split(first) for other in _UNITS.split(second))
    one, other = _bare(first), _bare(second)
    if one in other or other in one or fuzz.ratio(one, other) >= _ALIKE or fuzz.token_set_ratio(first, second) >= 99:
        return True
    years, others = ([int(year) for year in re.findall(r"\d{1,9}", text)] for text in (first, second))
    if name not in ("period", "cost") or not years or not others:
        return False
    return (min(years), max(years)) == (min(others), max(others)) if name == "period" else years == others


def _same_unit(first: str, second: str) -> bool:
    """Tell whether two names may be one unit's: alike, in part, of one number, or an abbreviation of the other."""
    short, long = sorted((first.strip(), second.strip()), key=len)
    if _bare(short) in _bare(long) or fuzz.token_set_ratio(short, long) >= _ALIKE:
        return True
    numbers, others = (set(re.findall(r"\d+", text)) for text in (short, long))
    if numbers & others or not re.search(r"[^\W\d_]", re.sub(_OFFICE_WORD, "", short)):
        return True
    is_code = len(short) <= _CODE and sum(letter.isupper() for letter in short) >= 2
    return is_code and " " not in short and short[0].casefold() in {word[0].casefold() for word in long.split()}


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _made(places: Places, draft: Draft, items: Sequence[Item], witness: Witness, rows: Sequence[ListRow]) -> list[Item]:
    """Return the records that rows make, under the themes of rows across, headings and grouping columns."""
    by_key = {item.key: item for item in items}
    headed = len({table.caption for table in witness.tables}) > 1
    themes = _themes(places, draft, items, witness)
    made: list[Item] = [item for item in themes.values() if item.key not in by_key]
    keys: dict[str, str] = {}
    for row in rows:
        owner = by_key.get(row.parent or places.owners.get(row.row.start, ""))
        theme = themes.get(squash(row.theme or "").casefold())
        said = row.theme or (row.table.caption.split("\n")[-1] if headed else "")
        parent = keys.get(_above(row.ref)) or next((one.key for one in (theme, owner) if one), None)
        item = _item(places, row, said, theme=_theme(said, theme, owner), goal=_goal(owner), parent=parent)
        keys[plain_ref(row.ref)] = item.key
        made.append(item)
        draft.passages.append(Passage(item.key, item.start, item.end, (said,) if said else ()))
    return made


def _above(ref: str) -> str:
    """Return the number that a part's number stands under: "3" for "3a", "3.1" and "3-1"; "-" for others."""
    match = re.match(r"^(.*\d)[a-z]$|^(.+)[.\-/]\d{1,2}$", plain_ref(ref))
    return (match[1] or match[2]) if match else "-"


def _theme(said: str, theme: Item | None, owner: Item | None) -> RefTitle | None:
    """Return the theme of a row: named across or beside it, else that of the item under which its table stands."""
    named = theme or (owner if owner is not None and owner.kind is ItemKind.THEME else None)
    if named is not None:
        return RefTitle(named.ref, named.title)
    if owner is not None and (owner.theme is not None or owner.kind is ItemKind.GOAL):
        return owner.theme
    if owner is not None and said and squash(owner.title) == squash(said):
        return RefTitle(owner.ref, owner.title)
    return RefTitle(*theme_of(said)) if said else None


def _goal(owner: Item | None) -> RefTitle | None:
    is_goal = owner is not None and owner.kind is ItemKind.GOAL
    return RefTitle(owner.ref, owner.title) if owner and is_goal else owner.goal if owner else None


def _item(
    places: Places,
    row: ListRow,
    said: str,
    *,
    theme: RefTitle | None,
    goal: RefTitle | None,
    parent: str | None,
    key: str = "",
) -> Item:
    page, label = places.page_of(row.row.start)
    return Item(
        document_id=places.document_id,
        key=key or places.keys.make(row.ref or row.title),
        ref=row.ref or row.title,
        kind=row.kind,
        title=row.title,
        order=0,
        heading=row.title,
        body=row.row.text,
        start=row.row.start,
        end=row.row.start + len(row.row.text),
        parent=parent,
        path=tuple(dict.fromkeys(part for part in (*row.table.caption.split("\n"), said) if part)),
        theme=theme,
        goal=goal,
        fields=tuple(_placed(row, page)),
        description=row.description,
        table_row=row.row.text,
        table_start=row.row.start,
        page=page,
        page_label=label,
        **{name: getattr(row, name) for name in _TAKEN},
    )


def _themes(places: Places, draft: Draft, items: Sequence[Item], witness: Witness) -> dict[str, Item]:
    """Return the themes that rows across name, by their text without white space: known ones, and new items."""
    known = {squash(item.title).casefold(): item for item in items if item.kind is ItemKind.THEME}
    named = list(dict.fromkeys(row.theme for row in witness.rows if row.theme))
    across = {
        row.text: (table, row.start) for table in reversed(witness.tables) for row in reversed(table.rows) if row.across
    }
    themes: dict[str, Item] = {}
    for text in named:
        ref, title = theme_of(text)
        theme = known.get(squash(title).casefold())
        if theme is None and text in across:
            table, start = across[text]
            theme = _across(places, draft, text, ref, title, table.caption, start)
        if theme is not None:
            themes.setdefault(squash(text).casefold(), theme)
    return themes


def _across(places: Places, draft: Draft, text: str, ref: str, title: str, caption: str, start: int) -> Item:
    """Return the theme that a row across names."""
    page, label = places.page_of(start)
    key = places.keys.make(ref or title)
    draft.passages.append(Passage(key, start, start + len(text), ()))
    return Item(
        document_id=places.document_id,
        key=key,
        ref=ref or title,
        kind=ItemKind.THEME,
        title=title,
        order=0,
        heading=text,
        body="",
        start=start,
        end=start + len(text),
        path=tuple(caption.split("\n")) if caption else (),
        page=page,
        page_label=label,
    )
