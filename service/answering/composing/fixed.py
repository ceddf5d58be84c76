"""Fixed texts: what the service says of itself, and honest non-answers. Their words lie in `prompts`."""

from __future__ import annotations

from prompts import text
from service.answering.context import Context
from service.answering.draft import Draft, sentence
from service.answering.finding.words import OTHERWISE
from service.answering.wording import day
from service.models import AnswerStatus
from service.settings import Settings
from vectorstore.edition import Edition
from vectorstore.records import Item, ItemKind, ItemStatus

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
    nearest = dict.fromkeys((item.document_id, item.key) for item in (*items, *near))
    kept = [item for one in nearest if (item := context.corpus.catalogue.item(*one)) is not None]
    kept = [item for item in kept if item.status is not ItemStatus.ARCHIVED]
    said = [sentence(missing or text(f"{context.language}/not_in_documents")), sentence(_searched(context))]
    if context.query.spoken not in _UNDERSTOOD:
        said.insert(0, sentence(text(f"{context.language}/other_language")))
    return Draft(AnswerStatus.NOT_IN_DOCUMENTS, None, tuple(said), nearest=tuple(kept[:_NEAREST]))


def unclear(context: Context) -> Draft:
    """The question says no topic: the themes, else the papers, are offered to choose from."""
    ids = {one.id for one in context.documents}
    themes = [
        one.title for one in context.corpus.catalogue.items if one.kind is ItemKind.THEME and one.document_id in ids
    ]
    titles = list(dict.fromkeys(themes or [one.title for one in context.documents]))[:_CHOICES]
    choices = (context.say(f"Was steht zu „{one}“?", f"What is said on “{one}”?") for one in titles)
    said = sentence(text(f"{context.language}/unclear"))
    return Draft(AnswerStatus.NEEDS_CLARIFICATION, None, (said,), suggestions=tuple(choices))


def about_service(name: str, language: str, edition: Edition, settings: Settings) -> Draft:
    """The fixed text `name` ("about/greeting"), with what this service and its edition are called."""
    german = language != "en"
    papers = list(edition.catalogue.in_force.documents.values())
    titled = [f"„{one.title}“" if german else f"“{one.title}”" for one in papers[:_TITLES]]
    dated = [
        f"{title} ({'Stand' if german else 'as of'} {day(one.as_of)})" if one.as_of else title
        for title, one in zip(titled, papers, strict=False)
    ]
    more = len(papers) - _TITLES
    rest = [f"{more} weitere Papiere" if german else f"{more} more papers"] if more > 0 else []
    if name == _PRIVACY and settings.keep_questions:
        name = f"{_PRIVACY}_kept"
    said = text(f"{language}/{name}").format(
        name=settings.name,
        papers=_strung(list(dict.fromkeys(one.publisher for one in papers)) or [settings.name], german),
        documents=_strung([*dated, *rest], german) or ("noch kein Papier" if german else "no paper yet"),
        edition=edition.name,
        contact=settings.contact,
        privacy=settings.privacy_url or "",
        days=settings.keep_questions_days,
    )
    return Draft(AnswerStatus.ABOUT_SERVICE, None, (sentence(said.strip()),))


def _searched(context: Context) -> str:
    """What was searched for and in which papers, by title; the rest of many as a number."""
    titles = [one.title for one in context.documents]
    if not titles:
        return context.say("Zurzeit ist kein Dokument eingelesen.", "No document is read in at present.")
    more = len(titles) - _TITLES
    rest = context.say(f" und {more} weitere", f" and {more} more") if more > 0 else ""
    return context.say("Durchsucht: ", "Searched: ") + "; ".join(titles[:_TITLES]) + rest + "."


def _strung(parts: list[str], german: bool) -> str:
    """The parts with commas, the last behind "und"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {'und' if german else 'and'} {parts[-1]}"
