"""Fixed texts: what the service says of itself, and honest non-answers. Their words lie in `prompts`."""

from __future__ import annotations

from prompts import text
from service.answering.composing.telling import is_archived
from service.answering.context import Context
from service.answering.draft import Draft, sentence
from service.answering.finding.words import OTHERWISE
from service.answering.wording import dated, told
from service.models import AnswerStatus
from service.settings import Settings
from vectorstore.edition import Edition
from vectorstore.records import Item, ItemKind

_NEAREST, _TITLES, _CHOICES = 3, 6, 4
_LEAST_SUPPORT = 0.25  # of a concept that a near entry bears out
_UNDERSTOOD = ("de", "en")
_PRIVACY = "about/privacy"


def fixed(name: str, language: str, status: AnswerStatus) -> Draft:
    """A non-answer with a fixed text."""
    return Draft(status, None, (sentence(text(f"{language}/{name}")),))


def not_in_documents(context: Context, missing: str = "", *items: Item) -> Draft:
    """Nothing was found: what was searched, the nearest records; `missing` says what is missing of `items`."""
    near = [one.item for one in context.found if one.coverage >= OTHERWISE / 2 or one.support >= _LEAST_SUPPORT]
    nearest = {(item.document_id, item.key): item for item in (*items, *near) if not is_archived(item)}
    titles = [one.title for one in context.documents]
    rest = context.say("and_more", number=len(titles) - _TITLES) if len(titles) > _TITLES else ""
    searched = context.say("searched", titles="; ".join(titles[:_TITLES]) + rest)
    said = [
        missing or text(f"{context.language}/not_in_documents"),
        searched if titles else context.say("no_paper_read"),
    ]
    if context.query.spoken not in _UNDERSTOOD:
        said.insert(0, text(f"{context.language}/other_language"))
    sentences = tuple(map(sentence, said))
    return Draft(AnswerStatus.NOT_IN_DOCUMENTS, None, sentences, nearest=tuple(nearest.values())[:_NEAREST])


def unclear(context: Context) -> Draft:
    """The question says no topic: the themes, else the papers, are offered to choose from."""
    ids = {one.id for one in context.documents}
    items = context.corpus.catalogue.items
    themes = [one.title for one in items if one.kind is ItemKind.THEME and one.document_id in ids]
    titles = dict.fromkeys(themes or [one.title for one in context.documents])
    choices = [context.say("what_on", title=one) for one in titles]
    said = sentence(text(f"{context.language}/unclear"))
    return Draft(AnswerStatus.NEEDS_CLARIFICATION, None, (said,), suggestions=tuple(choices[:_CHOICES]))


def about_service(name: str, language: str, edition: Edition, settings: Settings) -> Draft:
    """The fixed text `name` ("about/greeting"), with what this service and its edition are called."""
    papers = list(edition.catalogue.in_force.documents.values())
    dates = [f" ({said})" if (said := dated(one, language)) else "" for one in papers[:_TITLES]]
    titles = [told(language, "title", title=one.title) + date for one, date in zip(papers, dates, strict=False)]
    if len(papers) > _TITLES:
        titles.append(told(language, "more_papers", number=len(papers) - _TITLES))
    if name == _PRIVACY and settings.keep_questions:
        name = f"{_PRIVACY}_kept"
    said = text(f"{language}/{name}").format(
        name=settings.name,
        papers=_strung(list(dict.fromkeys(one.publisher for one in papers)) or [settings.name], language),
        documents=_strung(titles, language) or told(language, "no_paper"),
        edition=edition.name,
        contact=settings.contact,
        privacy=settings.privacy_url or "",
        days=settings.keep_questions_days,
    )
    return Draft(AnswerStatus.ABOUT_SERVICE, None, (sentence(said.strip()),))


def _strung(parts: list[str], language: str) -> str:
    """The parts with commas, the last behind "und"."""
    return f" {told(language, 'and')} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
