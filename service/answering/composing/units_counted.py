"""The units of a theme's projects, by the number of their projects, counted over all rows of the project list."""

from __future__ import annotations

from service.answering import wording
from service.answering.composing.filter_check import FilterCheck
from service.answering.composing.reserved import completeness, told
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import name_proof, row_proof
from service.completeness import figure
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind


def of_theme(context: Context) -> Draft | None:
    """The units of a theme's projects with counts; None where no project of it names a unit."""
    groups = _groups(context)
    if not groups:
        return None
    themes = [context.corpus.catalogue.item(*key) for key in context.query.filters.themes]
    named = tuple(name_proof(theme, context.corpus) for theme in themes if theme is not None)
    pool = _pool(context)
    silent = sum(not item.responsible for item in pool)
    where = _where(context, pool)
    complete = completeness(context, (ItemKind.PROJECT,)).complete
    number = "" if complete is None else figure(len(pool), complete, context.language)
    begin = context.say(
        f"{where}: Für {_all('die', number)}Projekte{_theme(context)} nennt die Projektliste als verantwortlich",
        f"{where}: For {_all('the', number)}projects{_theme(context)} the project list names as responsible",
    )
    parts = [Fragment(begin, named), Fragment(": ")]
    parts += [
        Fragment((", " if place else "") + _counted(context, one, complete), _row(one[1][0]))
        for place, one in enumerate(groups)
    ]
    if silent and complete is not None:
        without = figure(silent, complete, context.language)
        parts.append(Fragment(context.say(f"; ohne Angabe: {without}", f"; no unit named: {without}")))
    computed = (*_computed(context, groups), str(len(pool)), str(silent))
    return _draft(context, sentence(*parts, ".", computed=computed), groups)


def _pool(context: Context) -> list[Item]:
    check = FilterCheck(context.query.filters, context.corpus)
    return check.members(ItemKind.PROJECT, context.query.documents)


def _groups(context: Context) -> list[tuple[str, list[Item]]]:
    """Each unit as printed with its projects, those with the most first."""
    groups: dict[str, list[Item]] = {}
    for item in _pool(context):
        for unit in item.responsible if row_proof(item) else ():
            groups.setdefault(unit, []).append(item)
    return sorted(groups.items(), key=lambda one: -len(one[1]))


def _counted(context: Context, group: tuple[str, list[Item]], complete: bool | None) -> str:
    return group[0] if complete is None else f"{group[0]} ({figure(len(group[1]), complete, context.language)})"


def _all(article: str, number: str) -> str:
    """The article and the number, "die 12 "; the number alone where it is a lower bound, the article where none is."""
    return " ".join(([] if number and not number.isdigit() else [article]) + ([number] if number else [])) + " "


def _computed(context: Context, groups: list[tuple[str, list[Item]]]) -> tuple[str, ...]:
    """The units with their numbers as counted, and the conditions that they were counted by."""
    return (_theme(context), *(part for unit, items in groups for part in (unit, str(len(items)))))


def _theme(context: Context) -> str:
    """The themes and statuses that narrow what is counted."""
    filters = context.query.filters
    themes = [context.corpus.catalogue.item(*key) for key in filters.themes]
    names = " / ".join(theme.title for theme in themes if theme is not None)
    told = context.say(f" im Bereich „{names}“", f" in “{names}”") if names else ""
    statuses = " / ".join(wording.status(one, context.language) for one in sorted(filters.statuses))
    return told + (context.say(f" mit dem Status {statuses}", f" with status {statuses}") if statuses else "")


def _where(context: Context, items: list[Item]) -> str:
    documents = dict.fromkeys(context.corpus.document(item).id for item in items)
    return "; ".join(titled(context.corpus.catalogue.documents[one], context.language) for one in documents)


def _row(item: Item) -> tuple[Proof, ...]:
    row = row_proof(item)
    return (row,) if row else ()


def _draft(context: Context, said: Sentence, groups: list[tuple[str, list[Item]]]) -> Draft:
    known = completeness(context, (ItemKind.PROJECT,))
    rows = [
        {"unit": unit, "projects": known.total(len(items)), "refs": [item.ref for item in items]}
        for unit, items in groups
    ]
    total, columns = known.total(len(rows)), ["unit", "projects"]
    data = AnswerData(kind=DataKind.FACTS, columns=columns, rows=rows, total=total, complete=known.complete)
    proofs = tuple(tuple(proof for item in items for proof in _row(item)) for _, items in groups)
    sentences = (said, *told(context, known))
    return answered(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
