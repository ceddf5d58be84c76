"""What recipes speak about: the field, measure or item at hand, slots of texts, conditions, what loops run over."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.papers.draft import Draft, Group, One
from tests.papers.layout import Layout
from tests.papers.material import LISTED, Field, Measure, Pen, table
from tests.papers.numbers import LETTERS, ROMAN, Number, Numbering

TICKED = {"priority": ("hoch", "mittel", "niedrig"), "period": ("kurzfristig", "mittelfristig", "langfristig")}
OTHER_WORDINGS = ("Pilotphase", "Fortführung", "gemeinsam mit den Gemeinden")


@dataclass(frozen=True)
class Scope:
    """What is at hand: `n` counts the innermost loop from 1, `outer` the one around it; `known` is what was drawn."""

    draft: Draft
    layout: Layout
    numbering: Numbering
    columns: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    group: Group | None = None
    topic: Field | None = None
    ones: tuple[One, ...] | None = None
    at: One | None = None
    owner: int | None = None
    meaning: str = ""
    meanings: tuple[str, ...] = ()
    item: Any = None
    n: int = 1
    outer: int = 1
    count: int = 1
    width: int = 0
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def pen(self) -> Pen:
        return self.draft.material.pen

    @property
    def one(self) -> One:
        assert self.at
        return self.at

    @property
    def measure(self) -> Measure:
        return self.one.measure

    @property
    def number(self) -> Number:
        return self.one.number

    @property
    def area(self) -> Group:
        assert self.group
        return self.group

    @property
    def field(self) -> Field:
        return self.topic or self.area.field

    @property
    def all_ones(self) -> list[One]:
        return [one for group in self.groups for one in group.ones]

    @property
    def some_ones(self) -> tuple[One, ...]:
        if self.ones is not None:
            return self.ones
        return self.group.ones if self.group else tuple(self.all_ones)

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


def named(number: Number, title: str, between: str = "") -> str:
    """Return number and title as a heading has them."""
    if not number.printed:
        return title
    between = between or number.after
    if " von " in number.printed:
        between = ": "
    if number.printed.endswith(":") or number.printed.replace(".", "").isdigit():
        between = " "
    return f"{number.printed}{between}{title}"


def label(scope: Scope, rest: str) -> str:
    return scope.draft.labels[rest or scope.meaning]


def colon(scope: Scope, rest: str) -> str:
    return label(scope, rest) + ("" if label(scope, rest).endswith("?") else ":")


def value_of(scope: Scope, rest: str, default: str = "") -> str:
    return scope.measure.text(rest or scope.meaning) or default


def drawn(scope: Scope, rest: str) -> str:
    low, high, *width = rest.split()
    return f"{scope.pen.rng.randint(int(low), int(high)):{width[0] if width else ''}}"


def plus(scope: Scope, rest: str) -> int:
    base, modulus, what = rest.split()
    return int(base) + {"owner": scope.owner or 0, "n": scope.n, "outer": scope.outer}[what] % int(modulus)


def ticked(scope: Scope, rest: str) -> str:
    """Return a field as boxes to tick where it is one of a few."""
    text = scope.known["term"] if scope.meaning == "period" else value_of(scope, "")
    options = TICKED.get(scope.meaning)
    return "     ".join(f"{'☒' if option == text else '☐'} {option}" for option in options) if options else text


def disagreeing(scope: Scope, rest: str) -> str:
    """Return the value at hand; every fifth period is another one than in the sheet: a conflict."""
    text = value_of(scope, "")
    if scope.meaning != "period" or scope.outer % 5 != 4 or not text:
        return text
    scope.draft.conflict(scope.one.owner, "period", ("sheet", text), ("schedule", "bis 2033"))
    return "bis 2033"


def reworded(scope: Scope, rest: str = "") -> str:
    """Return the title as the overview has it: now and then another wording, once with a slip."""
    place = (scope.owner if rest else scope.n - 1) or 0
    title, damage = scope.measure.title, scope.draft.damage
    if "typo" in damage and place == 2 and len(title) > 9:
        title = f"{title[:5]}{title[6]}{title[5]}{title[7:]}"
    elif "reworded" in damage and place % 4 == 1:
        title = f"{title} ({scope.pen.rng.choice(OTHER_WORDINGS)})"
    if title != scope.measure.title:
        scope.draft.change(scope.one.owner, title_overview=title)
    return title


def rated(scope: Scope, rest: str) -> str:
    """Return a rating in signs, printed where the priority stands: from here on that is the record's priority."""
    text, owner = scope.pen.rng.choice(rest.split("|")), scope.one.owner
    if "priority" not in scope.measure.fields:
        return ""
    known = scope.draft.records[owner].fields
    fields = tuple(replace(one, text=text) if one.meaning == "priority" else one for one in known)
    scope.draft.change(owner, priority=text, fields=fields)
    return text


def reference(scope: Scope) -> str:
    """Return a sentence that refers to another measure; damage: now and then to one that does not exist."""
    one, rng = scope.at or scope.area.ones[0], scope.pen.rng
    others = [other for other in scope.all_ones if other.owner != one.owner and other.number.ref]
    if not others:
        return "Wechselwirkungen mit anderen Vorhaben bestehen nicht."
    other = rng.choice(others)
    printed = other.number.printed.rstrip(":")
    if "misprints" in scope.draft.damage and rng.random() < 0.4:
        printed = printed.replace(" ", "").replace("-0", "-") + "9"
    return rng.choice(
        (
            f"Enge Bezüge bestehen zu {printed} ({other.measure.title}).",
            f"Siehe dazu auch {printed}.",
            f"Voraussetzung ist die Umsetzung von {printed} in den Vorjahren.",
        )
    )


def rank(scope: Scope, rest: str = "") -> int:
    return 1 + next(place for place, one in enumerate(scope.all_ones) if one is scope.at)


def cycled(scope: Scope, rest: str) -> str:
    name, column = rest.split()
    rows = table("sentences", scope.pen.folder)[name]
    return str(rows[(scope.n - 1) % len(rows)][int(column)])


SLOTS: dict[str, Callable[[Scope, str], Any]] = {
    "n": lambda scope, _: scope.n,
    "outer": lambda scope, _: scope.outer,
    "owner": lambda scope, _: scope.owner,
    "nextowner": lambda scope, _: (scope.owner or 0) + 1,
    "roman": lambda scope, _: ROMAN[scope.n - 1],
    "letter": lambda scope, _: LETTERS[scope.n - 1],
    "item": lambda scope, _: scope.item,
    "number": lambda scope, _: scope.number.printed,
    "numberor": lambda scope, _: scope.number.printed or "Maßnahme",
    "title": lambda scope, _: scope.measure.title,
    "about": lambda scope, _: scope.measure.about,
    "named": lambda scope, rest: named(scope.number, scope.measure.title, rest),
    "upper": lambda scope, _: scope.measure.title.upper(),
    "namedupper": lambda scope, _: named(scope.number, scope.measure.title.upper()),
    "reworded": reworded,
    "rewordednamed": lambda scope, _: named(scope.number, reworded(scope)),
    "parent": lambda scope, _: scope.number.ref or scope.measure.title,
    "rated": rated,
    "ticked": ticked,
    "disagreeing": disagreeing,
    "label": label,
    "colon": colon,
    "plainlabel": lambda scope, _: label(scope, "").rstrip("?"),
    "text": value_of,
    "textor": lambda scope, rest: value_of(scope, "", rest),
    "orso": lambda scope, rest: value_of(scope, rest, "–"),
    "field": lambda scope, _: scope.field.title,
    "ofield": lambda scope, _: scope.group_of(scope.one).field.title,
    "fieldnumber": lambda scope, _: scope.area.number.printed,
    "fieldref": lambda scope, _: scope.area.number.ref,
    "fieldnamed": lambda scope, rest: named(scope.area.number, scope.area.field.title, rest),
    "goal": lambda scope, _: scope.field.goal,
    "goalname": lambda scope, _: scope.field.goal.rstrip("."),
    "size": lambda scope, _: len(scope.some_ones),
    "total": lambda scope, _: len(scope.all_ones),
    "paper": lambda scope, _: scope.draft.material.title,
    "publisher": lambda scope, _: scope.draft.material.publisher,
    "rank": rank,
    "pagemark": lambda scope, _: rank(scope) + 2,
    "points": lambda scope, _: 100 - 3 * scope.n,
    "month": lambda scope, _: scope.n * 2,
    "pick": lambda scope, rest: scope.pen.rng.choice(rest.split("|")),
    "int": drawn,
    "one": lambda scope, rest: scope.pen.one(rest),
    "town": lambda scope, _: scope.pen.rng.choice(scope.pen.towns),
    "plus": plus,
    "less": lambda scope, rest: int(rest.split()[0]) - int(scope.known[rest.split()[1]]),
    "sum": lambda scope, rest: int(scope.known[rest]) + scope.n - 1,
    "two": lambda scope, rest: scope.known[rest].zfill(2),
    "pop": lambda scope, rest: scope.known[rest].pop().rstrip(".") if scope.known[rest] else "",
    "numberword": lambda scope, _: random.Random(scope.draft.material.title).choice(("Nr.", "ID", "Kürzel")),
    "cycle": cycled,
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
            return scope.measure.fields[rest[0] if rest else scope.meaning]
        case "intro":
            return scope.field.intro
        case "towns":
            return tuple(scope.pen.towns)
        case "titles":
            topics = scope.draft.material.fields
            return tuple(one.title for topic in topics for one in topic.measures)[: int(rest[0])]
        case "alltitles":
            return tuple(one.measure.title for one in scope.all_ones)
        case "firstwords":
            return tuple(sorted(one.measure.title.split()[0] for one in scope.all_ones))
        case "reference":
            return (reference(scope),)
    return scope.pen.sentences(name, int(rest[0]))


def boxed(scope: Scope, form: str = "text") -> tuple[tuple[str, ...], ...]:
    """Return the values of the field at hand as a cell has them: paragraphs of sentences, or bullets."""
    values = scope.measure.fields.get(scope.meaning, ())
    if form == "bullets" and len(values) > 1 and not values[0].endswith("."):
        return tuple((value,) for value in values)
    texts = (scope.measure.text(scope.meaning),) if scope.meaning in LISTED else values
    return (texts or ("",),)


def meanings_of(which: str, scope: Scope) -> list[str]:
    """Return fields: "*" all of the measure, "* -long" but some, "* +long" of some, "these" of a loop, or by name."""
    words = [word for name in filled(which, scope).split() for word in listed(name, scope)]
    wanted = [word for word in words if not word.startswith(("-", "+"))]
    if wanted == ["paper"]:
        return list(scope.draft.material.meanings)
    if "columns" in which.split():
        return list(scope.columns)
    if wanted == ["*"]:
        wanted = list(scope.draft.material.meanings)
    only = {word[1:] for word in words if word.startswith("+")}
    but = {word[1:] for word in words if word.startswith("-")}
    return [m for m in wanted if m in scope.measure.fields and m not in but and (not only or m in only)]


def listed(name: str, scope: Scope) -> Sequence[str]:
    """Return the fields that a name with its sign stands for."""
    sign, plain = (name[0], name[1:]) if name[0] in "+-" else ("", name)
    if plain in scope.layout.lists:
        return [f"{sign}{one}" for one in scope.layout.lists[plain]]
    return scope.meanings if plain == "these" else [name]


def holds(condition: str, scope: Scope) -> bool:
    """Return whether something is so: a damage, numbers, a remainder, a field that there is, what was drawn."""
    word, _, rest = filled(condition, scope).partition(" ")
    if match := re.fullmatch(r"(owner|group|n|n0)%(\d)(?:=(\d))?", word):
        group = scope.group.owner if scope.group else 0
        counted = {"owner": scope.owner or 0, "group": group, "n": scope.n, "n0": scope.n - 1}
        left = counted[match[1]] % int(match[2])
        return left == int(match[3]) if match[3] else bool(left)
    if word.startswith("not-"):
        return not holds(f"{word[4:]} {rest}".strip(), scope)
    return CONDITIONS[word](scope, rest)


def is_list(scope: Scope, rest: str) -> bool:
    values = scope.measure.fields[scope.meaning]
    return len(values) > 1 and not values[0].endswith(".")


def has(scope: Scope, rest: str) -> bool:
    return any(meaning in scope.measure.fields for meaning in rest.split())


CONDITIONS: dict[str, Callable[[Scope, str], bool]] = {
    "has": has,
    "any": has,
    "is": lambda scope, rest: scope.meaning in [one for name in rest.split() for one in listed(name, scope)],
    "list": is_list,
    "numbering": lambda scope, rest: scope.numbering.name in rest.split(),
    "numbered": lambda scope, _: scope.numbering.numbered,
    "number": lambda scope, _: bool(scope.number.printed),
    "nth": lambda scope, rest: scope.n == int(rest),
    "chunk": lambda scope, rest: len(scope.meanings) == int(rest),
    "later": lambda scope, _: scope.area.owner > 0,
    "placed": lambda scope, _: bool(scope.number.ref is None and scope.area.number.ref),
    "chapter": lambda scope, rest: scope.groups[0].number.printed.startswith(rest),
    "chance": lambda scope, rest: scope.pen.rng.random() < float(rest),
    "drawn": lambda scope, rest: bool(scope.known[rest]),
    "nothing": lambda scope, _: not scope.some_ones,
    "several": lambda scope, _: len(scope.all_ones) > 1,
}


def things(source: Any, step: dict[str, Any], scope: Scope) -> Iterator[Scope]:
    """Yield a scope for each of what a loop runs over; `by` and `parts` make chunks of it."""
    found = list(sources(filled(source, scope) if isinstance(source, str) else source, step, scope))[: step.get("most")]
    for n, given in enumerate(found, start=1):
        yield replace(scope, n=n, outer=scope.n, count=len(found), **given)


def sources(source: Any, step: dict[str, Any], scope: Scope) -> Iterator[dict[str, Any]]:
    parted = "by" in step or "parts" in step
    if source == "areas":
        yield from ({"group": group, "owner": group.owner, "at": None, "ones": None} for group in scope.groups)
    elif source == "topics":
        yield from ({"topic": topic} for topic in scope.draft.material.fields)
    elif source in ("ones", "all"):
        ones = scope.some_ones if source == "ones" else tuple(scope.all_ones)
        if parted:
            yield from ({"ones": part} for part in chunks(ones, step))
        else:
            yield from ({"at": one, "owner": one.owner, "group": scope.group_of(one)} for one in ones)
    elif isinstance(source, list) or source.startswith(("@", "#", "$", "1-")):
        items = items_of(source, scope)
        for place, item in enumerate(items):
            if "dealt" not in step:
                yield {"item": item}
            elif (ones := scope.some_ones[place :: len(items)]) or step["dealt"] == "all":
                yield {"item": item, "ones": ones}
    else:
        meanings = tuple(meanings_of(source, scope))
        if "half" in step:
            middle = (len(meanings) + 1) // 2
            meanings = meanings[:middle] if step["half"] == 1 else meanings[middle:]
        if parted:
            yield from ({"meanings": part} for part in chunks(meanings, step))
        else:
            yield from ({"meaning": meaning, "meanings": (meaning,)} for meaning in meanings)


def items_of(source: Any, scope: Scope) -> Sequence[Any]:
    if isinstance(source, list):
        return source
    if source.startswith("$"):
        return list(scope.known[source[1:]])
    return range(1, int(source[2:]) + 1) if source.startswith("1-") else said(source, scope)


def chunks(whole: tuple[Any, ...], step: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return chunks of so many, or two halves; few stay together where `least` says so."""
    if "by" in step:
        return [whole[start : start + step["by"]] for start in range(0, len(whole), step["by"])]
    if len(whole) < step.get("least", 0):
        return [whole]
    half = (len(whole) + 1) // 2
    return [part for part in (whole[:half], whole[half:]) if part or not step.get("least")]
