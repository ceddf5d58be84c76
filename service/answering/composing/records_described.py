"""How a list or a count begins: what is counted, in which documents, with what narrows it; counts with subtotals."""

from __future__ import annotations

from collections import Counter

from service.answering import wording
from service.answering.composing.reserved import records_counted
from service.answering.composing.selection import Selection
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Fragment, Proof
from service.answering.evidence.passages import name_proof, status_proof
from service.answering.query import Intent
from service.completeness import Completeness, counted
from vectorstore.records import Item, ItemKind, ItemStatus

_DOCUMENTS_SAID = 4


def opening(context: Context, chosen: Selection, named: bool) -> list[Fragment]:
    """The beginning of the sentence, proven where nothing behind it does; `named` says that the records follow."""
    told = described(context, chosen)
    counts = context.query.intent is Intent.COUNT
    groups = Counter((item.document_id, item.kind) for item in chosen.items)
    if counts and len(groups) > 1 and not context.query.occurs:
        return _subtotals(context, chosen, told, named)
    scopes = _scopes(context, chosen)
    ids = tuple(dict.fromkeys(item.document_id for item in chosen.items or scopes)) or _fitting(context, chosen.kind)
    what = _number(context, chosen) + (f" {told}" if told else "")
    text = context.say("{where}: {what}", "{where}: {what}", where=_where(context, ids), what=what)
    if counts and scopes:
        return [Fragment(text, tuple(_scope_proof(context, scope) for scope in scopes))]
    return [Fragment(text, () if named else _fronts(context, ids[:_DOCUMENTS_SAID]))]


def computed(context: Context, chosen: Selection) -> tuple[str, ...]:
    """What the beginning tells that no passage says: the numbers as counted, and what they were counted by."""
    groups = Counter((item.document_id, item.kind) for item in chosen.items)
    more = len({one for one, _ in groups} or context.query.documents) - _DOCUMENTS_SAID
    numbers = (*groups.values(), *((more,) if more > 0 else ()))
    return (_number(context, chosen), *map(str, numbers), described(context, chosen))


def _subtotals(context: Context, chosen: Selection, told: str, named: bool) -> list[Fragment]:
    """The total, then the number in each document with its own proof; no document is left out."""
    groups = Counter((item.document_id, item.kind) for item in chosen.items)
    total = _number(context, chosen) + (f" {told}" if told else "")
    parts = [Fragment(context.say("Insgesamt {total}: ", "{total} in all: ", total=total))]
    scopes = {scope.document_id: scope for scope in _scopes(context, chosen)}
    for place, ((document_id, kind), number) in enumerate(groups.items()):
        document = context.corpus.catalogue.documents[document_id]
        name, complete = titled(document, context.language), Completeness.of([document], [kind]).complete
        scope = scopes.get(document_id)
        proofs = (_scope_proof(context, scope),) if scope else _fronts(context, () if named else (document_id,))
        text = f"{name}: {records_counted(context, number, complete, (kind,))}"
        parts.append(Fragment(("; " if place else "") + text, proofs))
    return parts


def _number(context: Context, chosen: Selection) -> str:
    """How many there are, as sure as it is, with what they are."""
    number, complete = len(chosen.items), chosen.known.complete
    if context.query.occurs:
        places = context.say("Fundstellen", "places")
        return counted(number, (places, places), complete, context.language)
    kinds = tuple(dict.fromkeys(item.kind for item in chosen.items)) or (chosen.kind,)
    return records_counted(context, number, complete, kinds)


def _scopes(context: Context, chosen: Selection) -> tuple[Item, ...]:
    """The records that stand for what is counted: themes and goals, a numbered one, else the one document's first."""
    filters, catalogue = context.query.filters, context.corpus.catalogue
    named = [catalogue.item(*key) for key in (*filters.parents, *filters.themes)]
    scopes = [item for item in named if item is not None]
    if not scopes and filters.refs:
        items = (item for one in context.query.documents for item in catalogue.items_of(one))
        scopes = [item for item in items if item.ref == filters.refs[0]][:1]
    documents = tuple(dict.fromkeys(item.document_id for item in chosen.items)) or context.query.documents
    if not scopes and len(documents) == 1 and not chosen.said:
        front = context.corpus.front_matter(documents[0])
        scopes = [front] if front else []
    return tuple(scopes)


def _scope_proof(context: Context, scope: Item) -> Proof:
    filters = context.query.filters
    if len(filters.statuses) == 1 and not filters.by_table:
        group = next(
            (item for item in context.corpus.catalogue.children(scope) if item.status in filters.statuses), None
        )
        if group is not None and group.status_heading:
            return Proof(scope, status_proof(group, context.corpus).quote)
    return name_proof(scope, context.corpus)


def _fronts(context: Context, ids: tuple[str, ...]) -> tuple[Proof, ...]:
    fronts = [context.corpus.front_matter(one) for one in ids]
    return tuple(name_proof(front, context.corpus) for front in fronts if front is not None)


def _fitting(context: Context, kind: ItemKind) -> tuple[str, ...]:
    """The documents in which a record could have met the filters: those with the kind and the field asked for."""
    ids, catalogue = context.query.documents, context.corpus.catalogue
    of_kind = [one for one in ids if any(item.kind is kind for item in catalogue.items_of(one))]
    fields = [
        one
        for one in of_kind
        if any(item.kind is kind and _has_fields(item, context) for item in catalogue.items_of(one))
    ]
    return tuple(fields or of_kind or ids)


def _has_fields(item: Item, context: Context) -> bool:
    filters = context.query.filters
    return (
        (not (filters.units or filters.unknown_units) or bool(item.responsible))
        and (not (filters.statuses or filters.without_statuses) or item.status is not None)
        and (not filters.municipalities or bool(item.municipalities))
    )


def _where(context: Context, ids: tuple[str, ...]) -> str:
    documents = [context.corpus.catalogue.documents[one] for one in ids]
    more = len(documents) - _DOCUMENTS_SAID
    rest = context.say(f" und {more} weitere", f" and {more} more") if more > 0 else ""
    return "; ".join(titled(document, context.language) for document in documents[:_DOCUMENTS_SAID]) + rest


def described(context: Context, chosen: Selection) -> str:
    """The conditions in words."""
    filters, say = context.query.filters, context.say
    themes = [context.corpus.catalogue.item(*key) for key in filters.themes]
    goals = [context.corpus.catalogue.item(*key) for key in filters.parents]
    parts = [say(f"im Bereich „{item.title}“", f"in “{item.title}”") for item in themes if item is not None]
    parts += [say(f"unter {item.ref}", f"under {item.ref}") for item in goals if item is not None]
    if len(parts) > 1:
        parts = [say(" und ", " and ").join(parts)]
    if filters.refs and not parts:
        parts.append(say(f"unter {', '.join(filters.refs)}", f"under {', '.join(filters.refs)}"))
    parts += _statuses_said(context)
    units = ", ".join((*filters.units, *filters.unknown_units))
    if units:
        parts.append(say("in Verantwortung von {units}", "for which {units} is responsible", units=units))
    if filters.unknown_units:
        unknown = ", ".join(filters.unknown_units)
        parts.append(
            say(
                "(eine Einheit {unknown} nennen die Dokumente nicht)",
                "(the documents name no unit {unknown})",
                unknown=unknown,
            )
        )
    if context.query.filters.without_unit:
        parts.append(say("ohne Angabe, wer verantwortlich ist", "that name nobody as responsible"))
    if filters.municipalities:
        places = say(" und ", " and ").join(filters.municipalities)
        parts.append(say(f"mit Beteiligung von {places}", f"involving {places}"))
    if filters.all_municipalities:
        parts.append(say("mit Beteiligung aller Kommunen", "involving all municipalities"))
    if chosen.said:
        words = ", ".join(f"„{word.text}“" for word in chosen.said)
        about = ("nahe am Thema", "close to") if chosen.unmatched else ("mit Bezug zu", "mentioning")
        parts.append(f"{say(*about)} {words}")
    if chosen.unmatched and chosen.said:
        parts.append(say("(in diesen Worten nennt es keines)", "(none mentions it in these words)"))
    return " ".join(parts)


def _statuses_said(context: Context) -> list[str]:
    filters, say = context.query.filters, context.say
    parts = []
    told = (
        (filters.statuses, "mit dem Status", "with status"),
        (filters.without_statuses, "ohne den Status", "without status"),
    )
    for statuses, german, english in told:
        if statuses:
            names = [wording.status(one, context.language).removeprefix("an ") for one in _in_order(statuses)]
            parts.append(f"{say(german, english)} {say(' oder ', ' or ').join(names)}")
    if parts and filters.by_table:
        parts.append(say("laut Projektliste", "according to the project list"))
    return parts


def _in_order(statuses: frozenset[ItemStatus]) -> list[ItemStatus]:
    return sorted(statuses)
