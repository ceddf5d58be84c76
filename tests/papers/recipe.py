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

from tests.papers.blocks import Block, Break, Cell, Folded, Grid, Keep, Para
from tests.papers.draft import Draft
from tests.papers.material import LISTED
from tests.papers.parts import Layout, as_goals, contents, count_in_words, entered, in_boxes
from tests.papers.slots import Scope, filled, holds, meanings_of, said, things
from tests.papers.truth import TruthRecord

Step = str | dict[str, Any]
STYLES = {"strong", "label", "small", "body", "hint", "bullet", "mark"}


def write(layout: Layout, draft: Draft) -> None:
    scope = Scope(draft, layout, columns=layout.columns_of(draft.job.material.meanings))
    if not layout.decoy:
        scope = replace(scope, groups=tuple(entered(draft, layout.shown_of(scope.columns), layout.bare)))
        if layout.goals:
            scope = replace(scope, groups=tuple(as_goals(draft, scope.groups, *layout.goals)))
    run(layout.steps, scope)


def run(steps: Sequence[Step], scope: Scope) -> None:
    for step in steps:
        if isinstance(step, str):
            step = {step: True}
        verb = next(iter(step))
        if verb in VERBS:
            VERBS[verb](step[verb], step, scope)
        else:
            run(scope.layout.macros[verb], scope)


def heading(text: str, step: dict[str, Any], scope: Scope) -> None:
    """Write a heading; it belongs to what is at hand but where `own` is false or it is a decoy."""
    title, decoy = filled(text, scope).strip(), step.get("decoy", False)
    level = step.get("level", 1)
    if level == "dots":
        level = 1 + min(2, title.split(" ")[0].count("."))
    scope.draft.heading(title, level, scope.owner if step.get("own", not decoy) else None, decoy)


def paragraph(text: Any, step: dict[str, Any], scope: Scope) -> None:
    owner = scope.owner if step.get("own", True) else None
    scope.draft.para(said(text, scope), step.get("style", "body"), owner)
    if "body" in step:
        scope.draft.body[-1] = filled(step["body"], scope)


def raw(text: Any, step: dict[str, Any], scope: Scope) -> None:
    owner = scope.owner if step.get("own", True) else None
    scope.draft.blocks.append(Para(said(text, scope), step.get("style", "body"), owner))
    scope.draft.body.extend(said(step.get("known", []), scope))


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
    assert scope.meaning and scope.owner is not None
    scope.draft.labelled(scope.meaning, said(text, scope), scope.owner)


def each(source: Any, step: dict[str, Any], scope: Scope) -> None:
    for inner in things(source, step, scope):
        run(step["do"], inner)


def where(condition: str, step: dict[str, Any], scope: Scope) -> None:
    run(step.get("do", []) if holds(condition, scope) else step.get("else", []), scope)


def keep(steps: Sequence[Step], step: dict[str, Any], scope: Scope) -> None:
    blocks = cut(steps, scope)
    together = holds(step["when"], scope) if "when" in step else True
    scope.draft.blocks.extend([Keep(blocks)] if together else blocks)


def fold(form: Any, step: dict[str, Any], scope: Scope) -> None:
    number, title = scope.number.printed, scope.measure.title
    scope.draft.blocks.append(Folded(number, title, cut(step["do"], scope), form))


def cut(steps: Sequence[Step], scope: Scope) -> tuple[Block, ...]:
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

    def values() -> list[tuple[str, int]]:
        return [
            (label, known if isinstance(known, int) else scope.pen.rng.randint(*known))
            for label, known in step["values"]
        ]

    first = values() if step.get("values_first") else None
    text = filled(caption, scope)
    scope.draft.figure(text, first or values())


def front(style: Any, step: dict[str, Any], scope: Scope) -> None:
    material = scope.draft.job.material
    if material.status_line:
        scope.draft.para(material.status_line, style)
        scope.draft.front = (material.status, material.date)


def margin(text: str, step: dict[str, Any], scope: Scope) -> None:
    if text != "references":
        scope.draft.margin(filled(text, scope), scope.owner)
        return
    ones = scope.all_ones()
    others = scope.pen.rng.sample(ones, min(2, len(ones)))
    if others[0].number.printed:
        scope.draft.margin("\n".join(f"({other.number.printed})" for other in others))


def blank(_: Any, step: dict[str, Any], scope: Scope) -> None:
    if "blank" in scope.draft.job.damage:
        scope.draft.blocks.extend((Break(), Para((" ",))))


def footnote(text: str, step: dict[str, Any], scope: Scope) -> None:
    """Write a note at the foot of the page below every third measure where the paper has footnotes."""
    assert scope.owner is not None
    if "footnotes" in scope.draft.job.damage and scope.owner % 3 == step["third"]:
        scope.draft.footnote(scope.owner, filled(text, scope))


def grid(rows: Sequence[Any], step: dict[str, Any], scope: Scope) -> None:
    shares = [share for width in step["widths"] for share in widths(width, scope)] if step["widths"] != "even" else []
    made = [row for spec in rows for row in rows_of(spec, replace(scope, width=len(shares)))]
    shares = shares or [1.0] * len(made[0])
    head, look = step.get("head", 0), step.get("look", "ruled")
    if isinstance(head, str):
        head = scope.known[head[1:]]
    if step.get("silent"):
        scope.draft.blocks.append(Grid(tuple(tuple(row) for row in made), tuple(shares), head))
    else:
        scope.draft.grid(made, shares, head, look, step.get("data", True))


def widths(width: Any, scope: Scope) -> list[float]:
    """Return one width, one where the paper has numbers ("num 1.3"), one for each column ("cols 2 cost=4")."""
    if not isinstance(width, str):
        return [width]
    kind, share, *others = width.split()
    if kind == "num":
        return [float(share)] * scope.numbered
    if kind == "ones":
        return [float(share)] * len(scope.some_ones())
    own = {name: float(value) for name, value in (other.split("=") for other in others)}
    return [own.get(meaning, float(share)) for meaning in scope.columns]


def rows_of(spec: Any, scope: Scope) -> Iterator[list[Cell | None]]:
    if isinstance(spec, str):
        spec = {"rows": scope.layout.macros[spec]}
    if isinstance(spec, list):
        spec = {"row": spec}
    if "if" in spec and not holds(spec["if"], scope):
        return
    for inner in things(spec["each"], spec, scope) if "each" in spec else [scope]:
        if "decoy" in spec:
            scope.draft.not_records.append(filled(spec["decoy"], inner))
        if "body" in spec:
            scope.draft.body.append(filled(spec["body"], inner))
        if "row" in spec:
            row = [cell for one in spec["row"] for cell in cells_of(one, inner)]
            yield [*row, *[Cell((Para(("",)),))] * (spec.get("pad", 0) - len(row))]
        for one in spec.get("rows", []):
            yield from rows_of(one, inner)


def cells_of(spec: Any, scope: Scope) -> Iterator[Cell | None]:
    """Yield the cells that "style flags > text", a table of paragraphs, a condition or a loop makes."""
    if spec in ("-", "num-"):
        if spec == "-" or scope.numbered:
            yield None
    elif isinstance(spec, str):
        flags, _, text = spec.rpartition(">")
        yield from cell_of(
            filled(flags, scope).split(), lambda flags: (para_of(flags, text.removeprefix(" "), scope),), scope
        )
    elif "span" in spec:
        yield from span(spec, scope)
    elif "cells" in spec:
        if "if" not in spec or holds(spec["if"], scope):
            for inner in things(spec["each"], spec, scope) if "each" in spec else [scope]:
                for one in spec["cells"]:
                    yield from cells_of(one, inner)
    else:
        empty = (Para((spec["empty"],)),) if "empty" in spec else ()
        yield from cell_of(
            spec.get("as", "").split(),
            lambda _: tuple(p for one in spec["c"] for p in paras_of(one, scope)) or empty,
            scope,
        )


def cell_of(flags: list[str], make: Callable[[list[str]], tuple[Para, ...]], scope: Scope) -> Iterator[Cell | None]:
    if "num" in flags and not scope.numbered:
        return
    if ("once" in flags or "first" in flags) and scope.n > 1:
        yield None if "once" in flags else Cell((Para(("",)),), "fill" in flags)
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
    yield Cell(make(flags), "fill" in flags, across, down, turned="turned" in flags)
    yield from [None] * (across - 1)


def reach(way: str, size: str, scope: Scope) -> int:
    """Return over how many columns or rows a cell reaches: a number, "*" all, "+" all rows of labels below it."""
    if size == "+":
        return 1 + len(meanings_of("*", scope))
    return int(size) if size != "*" else scope.width if way == "x" else scope.count


def para_of(flags: Sequence[str], text: str, scope: Scope) -> Para:
    """Return a paragraph of a cell: it belongs to its measure, to what is at hand ("own"), a field, or nothing."""
    owner = scope.one.owner if scope.one else None
    if "own" in flags:
        owner = scope.owner
    if "free" in flags or ("field" in flags and not scope.group):
        owner = None
    elif "field" in flags and scope.group:
        owner = scope.group.owner
    style: Any = next((flag for flag in flags if flag in STYLES), "body")
    return Para((filled(text, scope),), style, owner)


def paras_of(spec: Any, scope: Scope) -> Iterator[Para]:
    """Yield the paragraphs of a cell: "style > text", sentences, the parts of a box, a condition or a loop."""
    if isinstance(spec, dict) and "paras" in spec:
        if "if" not in spec or holds(spec["if"], scope):
            for inner in things(spec["each"], spec, scope) if "each" in spec else [scope]:
                for one in spec["paras"]:
                    yield from paras_of(one, inner)
    elif isinstance(spec, dict):
        yield Para(said(spec["say"], scope), spec.get("style", "body"), scope.one.owner if scope.one else None)
    elif spec.startswith("@"):
        name, *form = spec[1:].split()
        assert scope.one and scope.meaning
        label, *texts = in_boxes(scope.draft, scope.one, scope.meaning, *form)
        yield from {"box": (label, *texts), "label": (label,), "texts": texts}[name]
    else:
        flags, _, text = spec.rpartition(">")
        yield para_of(flags.split(), text.removeprefix(" "), scope)


def span(spec: dict[str, Any], scope: Scope) -> Iterator[Cell]:
    count: int = spec["span"]
    start = scope.pen.rng.randint(0, spec["latest"])
    end = scope.pen.rng.randint(start, count - 1)
    for place in range(count):
        inside = start <= place <= end
        yield Cell(bar=inside) if spec.get("bars") else next(c for c in cells_of("x" if inside else "", scope) if c)


VERBS: dict[str, Callable[[Any, dict[str, Any], Scope], None]] = {
    "h": heading,
    "p": paragraph,
    "raw": raw,
    "bullets": lambda texts, _, scope: scope.draft.bullets(said(texts, scope), scope.owner),
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
    "grid": grid,
    "page": lambda form, _, scope: scope.draft.page(None if form is True else form),
    "head": lambda text, _, scope: scope.draft.running_head(filled(text, scope)),
    "contents": lambda what, _, scope: contents(scope.draft, scope.groups, what is True),
    "count": lambda text, step, scope: count_in_words(scope.draft, text, step["area"], step.get("parts", False)),
    "decoy": lambda text, _, scope: scope.draft.not_records.append(filled(text, scope)),
    "said": lambda status, step, scope: setattr(scope.draft, "front", (status, filled(step["on"], scope))),
    "listed": lambda kinds, _, scope: setattr(scope.draft, "listed", {"measure", "project"}),
}
