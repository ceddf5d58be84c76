"""What recipes speak about: the field, measure or item at hand, slots of texts, conditions, what loops run over."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.papers.draft import Draft
from tests.papers.material import Field, Measure
from tests.papers.numbers import ROMAN, Number
from tests.papers.parts import Group, Layout, One, all_of, named, rated, reference, reworded
from tests.papers.words import Pen, table

LETTERS = "ABCDEFGHIJKL"
TICKED = {"priority": ("hoch", "mittel", "niedrig"), "period": ("kurzfristig", "mittelfristig", "langfristig")}


@dataclass(frozen=True)
class Scope:
    """What is at hand: `n` counts the innermost loop from 1, `outer` the one around it; `known` is what was drawn."""

    draft: Draft
    layout: Layout
    columns: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    group: Group | None = None
    topic: Field | None = None
    ones: tuple[One, ...] | None = None
    one: One | None = None
    owner: int | None = None
    meaning: str | None = None
    meanings: tuple[str, ...] = ()
    item: Any = None
    n: int = 1
    outer: int = 1
    count: int = 1
    width: int = 0
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def pen(self) -> Pen:
        return self.draft.job.pen

    @property
    def numbered(self) -> bool:
        return self.draft.job.numbering.numbered

    @property
    def measure(self) -> Measure:
        assert self.one
        return self.one.measure

    @property
    def number(self) -> Number:
        assert self.one
        return self.one.number

    @property
    def field(self) -> Field:
        found = self.group.field if self.group else self.topic
        assert found
        return found

    def all_ones(self) -> list[One]:
        return list(all_of(self.groups))

    def some_ones(self) -> tuple[One, ...]:
        if self.ones is not None:
            return self.ones
        return self.group.ones if self.group else tuple(self.all_ones())

    def group_of(self, one: One) -> Group:
        return next(group for group in self.groups if one in group.ones)


def filled(text: str, scope: Scope) -> str:
    """Return a text with its slots filled, from left to right."""
    return re.sub(r"\{([^{}]*)\}", lambda match: slot(match[1], scope), text)


def slot(spec: str, scope: Scope) -> str:
    """Return what a slot stands for: "{title}", "{n:02}", "{named|: }", "{pick a|b}", "{int 1 9}", "{$drawn}"."""
    match = re.fullmatch(r"(\$?[\w.]+)(?::(\d+))?(?:[ |](.*))?", spec, re.DOTALL)
    assert match, spec
    name, width, rest = match[1], match[2] or "", match[3] or ""
    if name.startswith("$"):
        key, _, place = name[1:].partition(".")
        value = scope.known[key]
        return filled(value[int(place)] if place else value, scope)
    if name.startswith("item."):
        return filled(str(scope.item[int(name[5:])]), scope)
    value = SLOTS[name](scope, rest)
    return f"{value:{width}}" if width else str(value)


def drawn(scope: Scope, rest: str) -> str:
    low, high, *width = rest.split()
    return f"{scope.pen.rng.randint(int(low), int(high)):{width[0] if width else ''}}"


def plus(scope: Scope, rest: str) -> int:
    base, modulus, what = rest.split()
    return int(base) + {"owner": scope.owner or 0, "n": scope.n, "outer": scope.outer}[what] % int(modulus)


def value_of(scope: Scope, rest: str, default: str = "") -> str:
    return scope.measure.text(rest or scope.meaning or "") or default


def ticked(scope: Scope, rest: str) -> str:
    """Return a field as boxes to tick where it is one of a few."""
    text = scope.known["term"] if scope.meaning == "period" else value_of(scope, "")
    options = TICKED.get(scope.meaning or "")
    return "     ".join(f"{'☒' if option == text else '☐'} {option}" for option in options) if options else text


def disagreeing(scope: Scope, rest: str) -> str:
    """Return the value at hand; every fifth period is another one than in the sheet: a conflict."""
    text = value_of(scope, "")
    if scope.meaning != "period" or scope.outer % 5 != 4 or not text or scope.one is None:
        return text
    scope.draft.conflict(scope.one.owner, "period", ("sheet", text), ("schedule", "bis 2033"))
    return "bis 2033"


def label(scope: Scope, rest: str) -> str:
    return scope.draft.job.label(rest or scope.meaning or "")


def colon(scope: Scope, rest: str) -> str:
    return label(scope, rest) if label(scope, rest).endswith("?") else f"{label(scope, rest)}:"


def of_field(scope: Scope, rest: str) -> str:
    assert scope.group
    return named(scope.group.number, scope.group.field.title, rest)


def rank(scope: Scope, rest: str = "") -> int:
    return 1 + next(place for place, one in enumerate(scope.all_ones()) if one is scope.one)


SLOTS: dict[str, Callable[[Scope, str], Any]] = {
    "n": lambda scope, _: scope.n,
    "outer": lambda scope, _: scope.outer,
    "owner": lambda scope, _: scope.owner,
    "nextowner": lambda scope, _: (scope.owner or 0) + 1,
    "roman": lambda scope, _: ROMAN[scope.n - 1],
    "letter": lambda scope, _: LETTERS[scope.n - 1],
    "item": lambda scope, _: scope.item,
    "number": lambda scope, _: scope.number.printed,
    "title": lambda scope, _: scope.measure.title,
    "about": lambda scope, _: scope.measure.about,
    "named": lambda scope, rest: named(scope.number, scope.measure.title, rest or None),
    "upper": lambda scope, _: scope.measure.title.upper(),
    "rewordednamed": lambda scope, _: (
        named(scope.number, reworded(scope.draft, scope.one, scope.n - 1)) if scope.one else ""
    ),
    "namedupper": lambda scope, _: named(scope.number, scope.measure.title.upper()),
    "parent": lambda scope, _: scope.number.ref or scope.measure.title,
    "reworded": lambda scope, rest: (
        reworded(scope.draft, scope.one, (scope.owner if rest else scope.n - 1) or 0) if scope.one else ""
    ),
    "rated": lambda scope, rest: rated(scope.draft, scope.one, rest.split("|")) if scope.one else "",
    "ticked": ticked,
    "disagreeing": disagreeing,
    "label": label,
    "colon": colon,
    "plainlabel": lambda scope, _: label(scope, "").rstrip("?"),
    "text": value_of,
    "textor": lambda scope, rest: value_of(scope, "", rest),
    "field": lambda scope, _: scope.field.title,
    "ofield": lambda scope, _: scope.group_of(scope.one).field.title if scope.one else "",
    "fieldnumber": lambda scope, _: scope.group.number.printed if scope.group else "",
    "fieldref": lambda scope, _: scope.group.number.ref if scope.group else "",
    "fieldnamed": of_field,
    "goal": lambda scope, _: scope.field.goal,
    "goalname": lambda scope, _: scope.field.goal.rstrip("."),
    "size": lambda scope, _: len(scope.some_ones()),
    "paper": lambda scope, _: scope.draft.job.material.title,
    "publisher": lambda scope, _: scope.draft.job.material.publisher,
    "rank": rank,
    "total": lambda scope, _: len(scope.all_ones()),
    "pagemark": lambda scope, _: rank(scope) + 2,
    "pick": lambda scope, rest: scope.pen.rng.choice(rest.split("|")),
    "int": drawn,
    "one": lambda scope, rest: scope.pen.one(rest),
    "town": lambda scope, _: scope.pen.rng.choice(scope.pen.towns),
    "plus": plus,
    "less": lambda scope, rest: int(rest.split()[0]) - int(scope.known[rest.split()[1]]),
    "pop": lambda scope, rest: scope.known[rest].pop().rstrip(".") if scope.known[rest] else "",
    "sum": lambda scope, rest: int(scope.known[rest]) + scope.n - 1,
    "two": lambda scope, rest: scope.known[rest].zfill(2),
    "numberor": lambda scope, _: scope.number.printed or "Maßnahme",
    "orso": lambda scope, rest: value_of(scope, rest, "–"),
    "points": lambda scope, _: 100 - 3 * scope.n,
    "month": lambda scope, _: scope.n * 2,
    "numberword": lambda scope, _: random.Random(scope.draft.job.material.title).choice(("Nr.", "ID", "Kürzel")),
    "cycle": lambda scope, rest: table("sentences", scope.pen.folder)[rest.split()[0]][
        (scope.n - 1) % len(table("sentences", scope.pen.folder)[rest.split()[0]])
    ][int(rest.split()[1])],
}


def said(spec: Any, scope: Scope) -> tuple[str, ...]:
    """Return sentences: texts with slots, "@list 3" so many of a list, fields joined or one by one."""
    if isinstance(spec, list):
        return tuple(text for one in spec for text in said(one, scope))
    if isinstance(spec, dict):
        if "if" in spec:
            return said(spec["say"], scope) if holds(spec["if"], scope) else ()
        texts = tuple(filled(spec["text"], inner) for inner in things(spec["each"], spec, scope))
        return (spec.get("around", "%").replace("%", spec["join"].join(texts)),) if "join" in spec else texts
    if not spec.startswith(("@", "#")):
        return (filled(spec, scope),)
    name, *rest = filled(spec[1:], scope).split()
    if spec.startswith("#"):
        return tuple(table("sentences", scope.pen.folder)[name])
    match name:
        case "prose":
            return scope.pen.prose(int(rest[0]))
        case "values":
            return scope.measure.fields[rest[0] if rest else scope.meaning or ""]
        case "intro":
            return tuple(scope.field.intro)
        case "towns":
            return tuple(scope.pen.towns)
        case "titles":
            fields = scope.draft.job.material.fields
            return tuple(one.title for topic in fields for one in topic.measures)[: int(rest[0])]
        case "alltitles":
            return tuple(one.measure.title for one in scope.all_ones())
        case "firstwords":
            return tuple(sorted(one.measure.title.split()[0] for one in scope.all_ones()))
        case "reference":
            one = scope.one or (scope.group and scope.group.ones[0])
            assert one
            return (reference(scope.draft, one, scope.groups),)
    return scope.pen.sentences(name, int(rest[0]))


def meanings_of(which: str, scope: Scope) -> list[str]:
    """Return fields: "*" all of the measure, "* -long" but some, "* +long" of some, "these" of a loop, or by name."""
    words = [word for name in filled(which, scope).split() for word in parts_of(name, scope)]
    wanted = [word for word in words if not word.startswith(("-", "+"))]
    if wanted == ["*"]:
        wanted = list(scope.draft.job.material.meanings)
    elif wanted == ["paper"]:
        return list(scope.draft.job.material.meanings)
    elif "columns" in which.split():
        return list(scope.columns)
    only = {word[1:] for word in words if word.startswith("+")}
    but = {word[1:] for word in words if word.startswith("-")}
    return [m for m in wanted if m in scope.measure.fields and m not in but and (not only or m in only)]


def parts_of(name: str, scope: Scope) -> Sequence[str]:
    sign, plain = (name[0], name[1:]) if name[0] in "+-" else ("", name)
    if plain in scope.layout.lists:
        return [f"{sign}{one}" for one in scope.layout.lists[plain]]
    return list(scope.meanings) if plain == "these" else [name]


def holds(condition: str, scope: Scope) -> bool:
    """Return whether something is so: a damage, numbers, a remainder, a field that there is, what was drawn."""
    word, _, rest = filled(condition, scope).partition(" ")
    if match := re.fullmatch(r"(owner|group|n|n0)%(\d)(?:=(\d))?", word):
        known = {"owner": scope.owner or 0, "group": scope.group.owner if scope.group else 0, "n": scope.n}
        left = (known | {"n0": scope.n - 1})[match[1]] % int(match[2])
        return left == int(match[3]) if match[3] else bool(left)
    if word.startswith("not-"):
        return not holds(f"{word[4:]} {rest}".strip(), scope)
    match word:
        case "has" | "any":
            return any(meaning in scope.measure.fields for meaning in rest.split())
        case "is":
            return scope.meaning in [one for name in rest.split() for one in parts_of(name, scope)]
        case "list":
            return len(scope.measure.fields[scope.meaning or ""]) > 1 and not scope.measure.fields[scope.meaning or ""][
                0
            ].endswith(".")
        case "numbering":
            return scope.draft.job.numbering.name in rest.split()
        case "numbered":
            return scope.numbered
        case "number":
            return bool(scope.number.printed)
        case "nth":
            return scope.n == int(rest)
        case "chunk":
            return len(scope.meanings) == int(rest)
        case "later":
            return bool(scope.group and scope.group.owner > 0)
        case "placed":
            return bool(scope.number.ref is None and scope.group and scope.group.number.ref)
        case "chapter":
            return scope.groups[0].number.printed.startswith(rest)
        case "chance":
            return scope.pen.rng.random() < float(rest)
        case "drawn":
            return bool(scope.known[rest])
        case "nothing":
            return not scope.some_ones()
        case "several":
            return len(scope.all_ones()) > 1
    raise KeyError(condition)


def things(source: Any, step: dict[str, Any], scope: Scope) -> Iterator[Scope]:
    """Yield a scope for each of what a loop runs over; `by` and `parts` make chunks of it."""
    found = list(sources(filled(source, scope) if isinstance(source, str) else source, step, scope))[: step.get("most")]
    for n, given in enumerate(found, start=1):
        yield replace(scope, n=n, outer=scope.n, count=len(found), **given)


def sources(source: Any, step: dict[str, Any], scope: Scope) -> Iterator[dict[str, Any]]:
    if source == "areas":
        for group in scope.groups:
            yield {"group": group, "owner": group.owner, "one": None, "ones": None}
    elif source == "topics":
        yield from ({"topic": topic} for topic in scope.draft.job.material.fields)
    elif source in ("ones", "all"):
        ones = scope.some_ones() if source == "ones" else tuple(scope.all_ones())
        if "by" in step or "parts" in step:
            yield from ({"ones": part} for part in chunks(ones, step))
        else:
            yield from ({"one": one, "owner": one.owner, "group": scope.group_of(one)} for one in ones)
    elif isinstance(source, list) or source.startswith(("@", "#", "$", "1-")):
        items = listed(source, scope)
        for place, item in enumerate(items):
            ones = tuple(one for at, one in enumerate(scope.some_ones()) if at % len(items) == place)
            if "dealt" not in step:
                yield {"item": item}
            elif ones or step["dealt"] == "all":
                yield {"item": item, "ones": ones}
    else:
        meanings = meanings_of(source, scope)
        if "half" in step:
            middle = (len(meanings) + 1) // 2
            meanings = meanings[:middle] if step["half"] == 1 else meanings[middle:]
        if "by" in step or "parts" in step:
            yield from ({"meanings": part} for part in chunks(tuple(meanings), step))
        else:
            yield from ({"meaning": meaning, "meanings": (meaning,)} for meaning in meanings)


def listed(source: Any, scope: Scope) -> Sequence[Any]:
    if isinstance(source, list):
        return source
    if source.startswith("$"):
        return list(scope.known[source[1:]])
    if source.startswith("1-"):
        return range(1, int(source[2:]) + 1)
    return said(source, scope)


def chunks(whole: tuple[Any, ...], step: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return chunks of so many, or two halves; few stay together where `least` says so."""
    if "by" in step:
        return [whole[start : start + step["by"]] for start in range(0, len(whole), step["by"])]
    if len(whole) < step.get("least", 0):
        return [whole]
    half = (len(whole) + 1) // 2
    return [part for part in (whole[:half], whole[half:]) if part or not step.get("least")]
