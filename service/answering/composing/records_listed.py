"""Lists and counts of records: computed, complete, with the date they count for."""

from __future__ import annotations

from service.answering import wording
from service.answering.answerability import fits
from service.answering.composing import documents_listed, extract
from service.answering.composing.selection import Selection, meets, nearest_kind, select
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.finding import Found
from service.answering.nonanswers import not_in_documents
from service.answering.passages import name_proof, row_proof, status_proof
from service.answering.query import Intent
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind, ItemStatus

_NAMED_IN_COUNTS = 30
_RELATED = 6
_NEAR_SAID = 0.45
_NEAR_SUPPORT = 0.5


def compose(context: Context) -> Draft:
    """A list or a count; where no record mentions the topic, the nearest ones or an honest non-answer."""
    if documents_listed.wanted(context):
        return documents_listed.compose(context)
    chosen = select(context)
    if chosen.unmatched and context.query.occurs:
        return extract.compose(context)
    if chosen.unmatched:
        chosen = _related(context, chosen)
        if not chosen.items:
            return not_in_documents(context)
    if not chosen.items and context.query.intent is Intent.LIST and not context.query.filters.narrow:
        return not_in_documents(context)
    lead = _lead(context, chosen)
    rows = tuple((name_proof(item, context.corpus),) for item in chosen.items)
    sentences = [_sentence(context, chosen, lead, rows), *_conflicts(context, chosen.items)]
    return answered(*sentences, mode=AnswerMode.COMPUTED, data=_data(context, chosen), row_proofs=rows)


def _related(context: Context, chosen: Selection) -> Selection:
    """What the finder holds to be on the topic, where no record has its words; only what stands out."""
    ranked = context.finder.rank(chosen.said, context.query.documents, context.query.text, context.query.spoken, 40)
    filters = context.query.filters
    fitting = [one for one in ranked if one.item.kind is chosen.kind and meets(one.item, filters, context.corpus)]
    if not fitting or not _near(context, fitting[0]):
        return Selection(chosen.kind, (), chosen.said)
    best = fitting[0].score
    kept = tuple(one.item for one in fitting[:_RELATED] if one.score >= 0.6 * best)
    return nearest_kind(chosen, kept)


def _near(context: Context, found: Found) -> bool:
    """True where a record may be offered as near a topic that no record says: stricter than for a passage."""
    if context.query.spoken != "de":
        return fits(found, context)
    return found.said >= _NEAR_SAID or found.support >= _NEAR_SUPPORT


def _lead(context: Context, chosen: Selection) -> tuple[str, Item | None]:
    """The words that say what is counted, and the record that stands for the scope."""
    filters, corpus = context.query.filters, context.corpus
    scope = next((corpus.catalogue.item(*key) for key in (*filters.parents, *filters.themes)), None)
    if scope is None and filters.refs:
        scope = next(
            (
                item
                for one in context.query.documents
                for item in corpus.catalogue.items_of(one)
                if item.ref == filters.refs[0]
            ),
            None,
        )
    documents = tuple(dict.fromkeys(item.document_id for item in chosen.items)) or context.query.documents
    if scope is None and len(documents) == 1 and not chosen.said:
        scope = corpus.front_matter(documents[0])
    return _described(context, chosen), scope


def _described(context: Context, chosen: Selection) -> str:
    filters, say = context.query.filters, context.say
    parts = []
    for document_id, key in (*filters.themes, *filters.parents):
        item = context.corpus.catalogue.item(document_id, key)
        if item is not None:
            parts.append(say(f"im Bereich „{item.title}“", f"in “{item.title}”"))
    if filters.refs and not parts:
        parts.append(say(f"unter {', '.join(filters.refs)}", f"under {', '.join(filters.refs)}"))
    if filters.statuses:
        named = [wording.status(one, context.language) for one in sorted(filters.statuses)]
        parts.append(say(f"mit dem Status {' oder '.join(named)}", f"with status {' or '.join(named)}"))
    if filters.without_statuses:
        named = [wording.status(one, context.language) for one in sorted(filters.without_statuses)]
        parts.append(say(f"ohne den Status {' oder '.join(named)}", f"without status {' or '.join(named)}"))
    if filters.units:
        parts.append(
            say(
                f"in Verantwortung von {', '.join(filters.units)}",
                f"for which {', '.join(filters.units)} is responsible",
            )
        )
    if filters.municipalities:
        parts.append(
            say(
                f"mit Beteiligung von {', '.join(filters.municipalities)}",
                f"involving {', '.join(filters.municipalities)}",
            )
        )
    if chosen.said:
        words = ", ".join(f"„{word.text}“" for word in chosen.said)
        near = chosen.unmatched
        parts.append(
            say(
                f"{'nahe am Thema' if near else 'mit Bezug zu'} {words}",
                f"{'close to' if near else 'mentioning'} {words}",
            )
        )
    return " ".join(parts)


def _sentence(
    context: Context, chosen: Selection, lead: tuple[str, Item | None], rows: tuple[tuple[Proof, ...], ...]
) -> Sentence:
    described, scope = lead
    number = len(chosen.items)
    noun = wording.kind(chosen.kind, context.language, number)
    if context.query.occurs:
        noun = context.say("Fundstellen", "places")
    where = _where(context, chosen.items or ((scope,) if scope else ()))
    opening = context.say(f"{where}: {number} {noun}", f"{where}: {number} {noun}") + (
        f" {described}" if described else ""
    )
    parts: list[str | Fragment] = [
        Fragment(opening, (_scope_proof(context, scope),) if scope and context.query.intent is Intent.COUNT else ())
    ]
    if chosen.items and (context.query.intent is Intent.LIST or number <= _NAMED_IN_COUNTS):
        parts.append(" – ")
        for place, (item, proofs) in enumerate(zip(chosen.items, rows, strict=True)):
            parts.append(Fragment((", " if place else "") + _short(item), proofs))
    elif not chosen.items and not (scope and context.query.intent is Intent.COUNT):
        parts[0] = Fragment(opening, _front_proofs(context))
    return sentence(*parts, ".", computed=(str(number), *_asked_numbers(context)))


def _asked_numbers(context: Context) -> tuple[str, ...]:
    """Numbers of the question that the answer repeats: units and references."""
    filters = context.query.filters
    return (*filters.units, *filters.refs, *(word.text for word in context.query.topic))


def _scope_proof(context: Context, scope: Item) -> Proof:
    filters = context.query.filters
    if len(filters.statuses) == 1:
        group = next(
            (item for item in context.corpus.catalogue.children(scope) if item.status in filters.statuses), None
        )
        if group is not None and group.status_heading:
            return Proof(scope, status_proof(group, context.corpus).quote)
    return name_proof(scope, context.corpus)


def _front_proofs(context: Context) -> tuple[Proof, ...]:
    fronts = [context.corpus.front_matter(one) for one in context.query.documents[:3]]
    return tuple(name_proof(front, context.corpus) for front in fronts if front is not None)


def _short(item: Item) -> str:
    if item.ref == "Archiv":
        return item.title
    title = item.title if len(item.title) <= 160 else item.title[:157].rsplit(" ", 1)[0] + " …"
    return f"{item.ref} {title}" if item.kind is not ItemKind.SECTION else title


def _where(context: Context, items: tuple[Item, ...]) -> str:
    ids = tuple(dict.fromkeys(item.document_id for item in items)) or context.query.documents
    documents = [context.corpus.catalogue.documents[one] for one in ids]
    return "; ".join(titled(document, context.language) for document in documents[:4])


def _conflicts(context: Context, items: tuple[Item, ...]) -> list[Sentence]:
    """Where the project list of a listed project shows another status, the answer says so."""
    if not context.query.filters.statuses:
        return []
    found = []
    for item in items:
        row = row_proof(item)
        for conflict in item.conflicts:
            if conflict.field == "status" and row is not None:
                named = wording.status(ItemStatus(conflict.table), context.language)
                text = context.say(
                    f"Bei {item.ref} zeigt die Projektliste einen anderen Status: {named}",
                    f"For {item.ref} the project list shows another status: {named}",
                )
                found.append(sentence(Fragment(text, (row,)), "."))
    return found


def _data(context: Context, chosen: Selection) -> AnswerData:
    rows = [
        {
            "document_id": item.document_id,
            "ref": item.ref,
            "title": item.title,
            "status": item.status.value if item.status else None,
        }
        for item in chosen.items
    ]
    kind = DataKind.COUNT if context.query.intent is Intent.COUNT else DataKind.LIST
    return AnswerData(kind=kind, columns=["ref", "title", "status"], rows=rows, total=len(rows))
