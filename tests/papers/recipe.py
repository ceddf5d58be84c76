"""Writes a draft by a layout's recipe: steps as data, each a heading, a paragraph, a table or a loop.

A step is a word ("page", or a set's own macro) or a table with one verb (`h`, `p`, `raw`, `fields`, `grid`, `each`,
`if`, `keep`, `note`, `change`, `let` …); rows, cells and paragraphs of cells are told alike. Texts have slots, see
`tests.papers.slots`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from tests.papers.blocks import Block, Break, Cell, Contents, Entry, Figure, Keep, Note, Para
from tests.papers.draft import Draft
from tests.papers.layout import Layout
from tests.papers.material import LISTED
from tests.papers.numbers import Numbering
from tests.papers.slots import Scope, boxed, filled, holds, meanings_of, named, said, things
from tests.papers.truth import TruthRecord

Step = str | dict[str, Any]
STYLES = {"strong", "label", "small", "body", "hint", "bullet", "mark"}
WORDS = ("null", "einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
EMPTY = Para(("",))


def write(layout: Layout, numbering: Numbering, draft: Draft) -> None:
    """Write the draft of a layout."""
    meanings = draft.material.meanings
    columns = layout.columns_of(meanings)
    shown = layout.shown_of(columns, meanings)
    groups = () if layout.decoy else draft.entered(shown, layout.bare, layout.goals)
    run(layout.steps, Scope(draft, layout, numbering, columns, groups))


def run(steps: Sequence[Step], scope: Scope) -> None:
    for step in steps:
        if isinstance(step, str):
            step = {step: True}
        verb = next(iter(step))
        if verb in VERBS:
            VERBS[verb](step[verb], step, scope)
        else:
            run(scope.layout.macros[verb], scope)


def add(scope: Scope, *blocks: Block) -> None:
    scope.draft.blocks.extend(blocks)


def heading(text: str, step: dict[str, Any], scope: Scope) -> None:
    """Write a heading; it belongs to what is at hand but where `own` is false or it is a decoy."""
    title, decoy = filled(text, scope).strip(), step.get("decoy", False)
    level = step.get("level", 1)
    if level == "dots":
        level = 1 + min(2, title.split(" ")[0].count("."))
    scope.draft.heading(title, level, scope.owner if step.get("own", not decoy) else None)
    if decoy:
        scope.draft.not_records.append(title)


def paragraph(text: Any, step: dict[str, Any], scope: Scope) -> None:
    scope.draft.para(said(text, scope), step.get("style", "body"), scope.owner if step.get("own", True) else None)
    if "body" in step:
        scope.draft.body[-1] = filled(step["body"], scope)


def raw(text: Any, step: dict[str, Any], scope: Scope) -> None:
    owner = scope.owner if step.get("own", True) else None
    add(scope, Para(said(text, scope), step.get("style", "body"), owner))
    scope.draft.body.extend(said(step.get("known", []), scope))


def bullets(texts: Any, step: dict[str, Any], scope: Scope) -> None:
    for text in said(texts, scope):
        scope.draft.para((text,), "bullet", scope.owner)


def fields(which: str, step: dict[str, Any], scope: Scope) -> None:
    """Write fields with their labels: in the line, or on a line of its own where `own` names them."""
    for meaning in meanings_of(which, scope):
        values = scope.measure.fields[meaning]
        own_line = meaning in meanings_of(step.get("own", ""), scope)
        if (step.get("joined") and not own_line and meaning not in LISTED) or step.get("joined") == "all":
            values = (scope.measure.text(meaning),)
        assert scope.owner is not None
        scope.draft.labelled(meaning, values, scope.owner, own_line)


def labelled(text: Any, step: dict[str, Any], scope: Scope) -> None:
    assert scope.owner is not None
    scope.draft.labelled(scope.meaning, said(text, scope), scope.owner)


def each(source: Any, step: dict[str, Any], scope: Scope) -> None:
    for inner in things(source, step, scope):
        run(step["do"], inner)


def where(condition: str, step: dict[str, Any], scope: Scope) -> None:
    run(step.get("do", []) if holds(condition, scope) else step.get("else", []), scope)


def keep(steps: Sequence[Step], step: dict[str, Any], scope: Scope) -> None:
    blocks = cut(steps, scope)
    add(scope, *([Keep(blocks)] if "when" not in step or holds(step["when"], scope) else blocks))


def fold(form: Any, step: dict[str, Any], scope: Scope) -> None:
    add(scope, Keep(cut(step["do"], scope), form, scope.number.printed, scope.measure.title))


def cut(steps: Sequence[Step], scope: Scope) -> tuple[Block, ...]:
    """Return the blocks of these steps, taken out of the draft again."""
    before = len(scope.draft.blocks)
    run(steps, scope)
    blocks = tuple(scope.draft.blocks[before:])
    del scope.draft.blocks[before:]
    return blocks


def note(record: dict[str, Any], step: dict[str, Any], scope: Scope) -> None:
    made = TruthRecord(**({"ref": None, "family": ""} | told(record, scope)))
    run(step["do"], replace(scope, owner=scope.draft.note(made)))


def change(record: dict[str, Any], step: dict[str, Any], scope: Scope) -> None:
    assert scope.owner is not None
    scope.draft.change(scope.owner, **told(record, scope))


def told(record: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Return what is said of a record; its family is a pattern and stays as it is."""

    def one(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(filled(text, scope) for text in value)
        return filled(value, scope) if isinstance(value, str) and name != "family" else value

    return {name: one(name, value) for name, value in record.items()}


def let(name: str, step: dict[str, Any], scope: Scope) -> None:
    """Draw something that is needed again: a text, one of several, a list in another order, a chance."""
    rng = scope.pen.rng
    if "pick" in step:
        scope.known[name] = rng.choice(step["pick"])
    elif "chance" in step:
        scope.known[name] = rng.random() < step["chance"]
    elif "list" in step:
        pool = list(said(step["list"], scope))
        if step.get("shuffled"):
            rng.shuffle(pool)
        scope.known[name] = pool[::-1] if step.get("reversed") else pool
    else:
        scope.known[name] = filled(step["say"], scope)


def use(macro: str, step: dict[str, Any], scope: Scope) -> None:
    given = {name: filled(text, scope) for name, text in step.items() if name != "use"}
    run(scope.layout.macros[macro], replace(scope, known=scope.known | given))


def figure(caption: str, step: dict[str, Any], scope: Scope) -> None:
    def values() -> tuple[tuple[str, int], ...]:
        return tuple((name, of if isinstance(of, int) else scope.pen.rng.randint(*of)) for name, of in step["values"])

    first = values() if step.get("values_first") else ()
    text = filled(caption, scope)
    add(scope, Figure(text, first or values()))
    scope.draft.body.append(text)
    scope.draft.not_records.append(text)


def front(style: Any, step: dict[str, Any], scope: Scope) -> None:
    material = scope.draft.material
    if material.status_line:
        scope.draft.para((material.status_line,), style)
        scope.draft.front = (material.status, material.date)


def margin(text: str, step: dict[str, Any], scope: Scope) -> None:
    if text != "references":
        add(scope, Note("margin", filled(text, scope)))
        return
    others = scope.pen.rng.sample(scope.all_ones, min(2, len(scope.all_ones)))
    if others[0].number.printed:
        add(scope, Note("margin", "\n".join(f"({other.number.printed})" for other in others)))


def blank(_: Any, step: dict[str, Any], scope: Scope) -> None:
    if "blank" in scope.draft.damage:
        add(scope, Break(), Para((" ",)))


def footnote(text: str, step: dict[str, Any], scope: Scope) -> None:
    """Write a note at the foot of the page below every third measure where the paper has footnotes."""
    assert scope.owner is not None
    if "footnotes" in scope.draft.damage and scope.owner % 3 == step["third"]:
        told = filled(text, scope)
        add(scope, Note("foot", told, scope.owner))
        scope.draft.body.append(told)


def contents(what: Any, step: dict[str, Any], scope: Scope) -> None:
    """Print the contents, with measures or without; damage: one entry with a wrong page."""
    scope.draft.heading("Inhalt" if scope.pen.rng.random() < 0.5 else "Inhaltsverzeichnis")
    entries = []
    for group in scope.groups:
        entries.append(Entry(named(group.number, group.field.title), group.owner))
        if what is True:
            entries.extend(Entry(named(one.number, one.measure.title), one.owner, 2) for one in group.ones)
    if "wrong_contents" in scope.draft.damage:
        entries[len(entries) // 2] = entries[len(entries) // 2]._replace(wrong=2)
    add(scope, Contents(tuple(entries)))
    if what is True:
        scope.draft.listed = {"measure", "project", "theme"}


def count_in_words(sentence: str, step: dict[str, Any], scope: Scope) -> None:
    """Say how many measures there are in how many areas, where the numbering makes that one number.

    `area` is the word for a field of action, for one and behind a number; `parts` count as measures where asked for.
    """
    draft, parts, area = scope.draft, step.get("parts", False), step["area"]
    numbers = [number for row in draft.numbered.measures for number in row]
    if any(number.kind != "measure" or (number.child_of and not parts) for number in numbers):
        return
    sizes = draft.material.sizes
    draft.stated = {"measure": sum(sizes), "theme": len(sizes)}
    areas = f"einem {area[0]}" if len(sizes) == 1 else f"{WORDS[len(sizes)]} {area[1]}"
    draft.para((sentence.format(count=sum(sizes), areas=areas),))


def grid(rows: Sequence[Any], step: dict[str, Any], scope: Scope) -> None:
    shares = [share for width in step["widths"] for share in widths(width, scope)] if step["widths"] != "even" else []
    made = [row for spec in rows for row in rows_of(spec, replace(scope, width=len(shares)))]
    head = step.get("head", 0)
    if isinstance(head, str):
        head = scope.known[head[1:]]
    scope.draft.grid(made, shares or [1.0] * len(made[0]), head, step.get("look", "ruled"))
    if not step.get("silent"):
        scope.draft.known(made[head:], step.get("data", True))


def widths(width: Any, scope: Scope) -> list[float]:
    """Return one width, one where the paper has numbers ("num 1.3"), one for each column ("cols 2 cost=4")."""
    if not isinstance(width, str):
        return [width]
    kind, share, *others = width.split()
    if kind == "num":
        return [float(share)] * scope.numbering.numbered
    if kind == "ones":
        return [float(share)] * len(scope.some_ones)
    own = {name: float(value) for name, value in (other.split("=") for other in others)}
    return [own.get(meaning, float(share)) for meaning in scope.columns]


def over(spec: dict[str, Any], scope: Scope) -> Iterator[Scope]:
    """Yield what is at hand, or each of a loop, where a condition holds."""
    if "if" not in spec or holds(spec["if"], scope):
        yield from things(spec["each"], spec, scope) if "each" in spec else [scope]


def rows_of(spec: Any, scope: Scope) -> Iterator[list[Cell | None]]:
    if isinstance(spec, str):
        spec = {"rows": scope.layout.macros[spec]}
    if isinstance(spec, list):
        spec = {"row": spec}
    for inner in over(spec, scope):
        if "decoy" in spec:
            scope.draft.not_records.append(filled(spec["decoy"], inner))
        if "body" in spec:
            scope.draft.body.append(filled(spec["body"], inner))
        if "row" in spec:
            row = [cell for one in spec["row"] for cell in cells_of(one, inner)]
            yield [*row, *[Cell((EMPTY,))] * (spec.get("pad", 0) - len(row))]
        for one in spec.get("rows", []):
            yield from rows_of(one, inner)


def cells_of(spec: Any, scope: Scope) -> Iterator[Cell | None]:
    """Yield the cells that "style flags > text", a table of paragraphs, a condition or a loop makes."""
    if spec in ("-", "num-"):
        yield from [None] * (spec == "-" or scope.numbering.numbered)
    elif isinstance(spec, str):
        flags, _, text = spec.rpartition(">")
        words = filled(flags, scope).split()
        yield from cell_of(words, lambda: (para_of(words, text.removeprefix(" "), scope),), scope)
    elif "span" in spec:
        yield from span(spec, scope)
    elif "cells" in spec:
        for inner in over(spec, scope):
            for one in spec["cells"]:
                yield from cells_of(one, inner)
    else:
        empty = (Para((spec["empty"],)),) if "empty" in spec else ()
        made = lambda: tuple(para for one in spec["c"] for para in paras_of(one, scope)) or empty  # noqa: E731
        yield from cell_of(spec.get("as", "").split(), made, scope)


def cell_of(flags: list[str], make: Callable[[], tuple[Para, ...]], scope: Scope) -> Iterator[Cell | None]:
    if "num" in flags and not scope.numbering.numbered:
        return
    if ("once" in flags or "first" in flags) and scope.n > 1:
        yield None if "once" in flags else Cell((EMPTY,), "fill" in flags)
        return
    across, down = 1, 1
    for flag in flags:
        if match := re.fullmatch(r"([xy])(\d+|\*|\+)", flag):
            number = reach(match[1], match[2], scope)
            across, down = (number, down) if match[1] == "x" else (across, number)
    if "others" in flags:
        across = scope.width - 1 - len(scope.columns)
    if "columns" in flags:
        across = len(scope.columns)
    yield Cell(make(), "fill" in flags, across, down, turned="turned" in flags)
    yield from [None] * (across - 1)


def reach(way: str, size: str, scope: Scope) -> int:
    """Return over how many columns or rows a cell reaches: a number, "*" all, "+" all rows of labels below it."""
    if size == "+":
        return 1 + len(meanings_of("*", scope))
    return int(size) if size != "*" else scope.width if way == "x" else scope.count


def para_of(flags: Sequence[str], text: str, scope: Scope) -> Para:
    """Return a paragraph of a cell: it belongs to its measure, to what is at hand ("own"), a field, or nothing."""
    owner = scope.at.owner if scope.at else None
    if "own" in flags:
        owner = scope.owner
    if "field" in flags:
        owner = scope.group.owner if scope.group else None
    if "free" in flags:
        owner = None
    style: Any = next((flag for flag in flags if flag in STYLES), "body")
    return Para((filled(text, scope),), style, owner)


def paras_of(spec: Any, scope: Scope) -> Iterator[Para]:
    """Yield the paragraphs of a cell: "style > text", sentences, the parts of a box, a condition or a loop."""
    if isinstance(spec, dict) and "paras" in spec:
        for inner in over(spec, scope):
            for one in spec["paras"]:
                yield from paras_of(one, inner)
    elif isinstance(spec, dict):
        yield Para(said(spec["say"], scope), spec.get("style", "body"), scope.at.owner if scope.at else None)
    elif spec.startswith("@"):
        name, *form = spec[1:].split()
        if name in ("box", "label"):
            yield Para((scope.draft.labels[scope.meaning],), "label", scope.one.owner)
        if name in ("box", "texts"):
            values = boxed(scope, *form)
            yield from (Para(one, "bullet" if len(values) > 1 else "body", scope.one.owner) for one in values)
    else:
        flags, _, text = spec.rpartition(">")
        yield para_of(flags.split(), text.removeprefix(" "), scope)


def span(spec: dict[str, Any], scope: Scope) -> Iterator[Cell]:
    """Yield cells of a schedule, those from one drawn place to another marked."""
    start = scope.pen.rng.randint(0, spec["latest"])
    end = scope.pen.rng.randint(start, spec["span"] - 1)
    for place in range(spec["span"]):
        inside = start <= place <= end
        yield Cell(bar=inside) if spec.get("bars") else next(c for c in cells_of("x" if inside else "", scope) if c)


VERBS: dict[str, Callable[[Any, dict[str, Any], Scope], None]] = {
    "h": heading,
    "p": paragraph,
    "raw": raw,
    "bullets": bullets,
    "fields": fields,
    "labelled": labelled,
    "each": each,
    "if": where,
    "keep": keep,
    "fold": fold,
    "note": note,
    "change": change,
    "let": let,
    "use": use,
    "figure": figure,
    "front": front,
    "margin": margin,
    "blank": blank,
    "foot": footnote,
    "contents": contents,
    "count": count_in_words,
    "grid": grid,
    "page": lambda form, _, scope: add(scope, Break(None if form is True else form)),
    "head": lambda text, _, scope: add(scope, Note("head", filled(text, scope))),
    "decoy": lambda text, _, scope: scope.draft.not_records.append(filled(text, scope)),
    "said": lambda status, step, scope: setattr(scope.draft, "front", (status, filled(step["on"], scope))),
    "listed": lambda kinds, _, scope: setattr(scope.draft, "listed", {"measure", "project"}),
}
