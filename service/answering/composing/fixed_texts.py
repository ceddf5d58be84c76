"""Drafts of fixed texts (`prompts`): about the service, not in the documents, and requests for
clarification.
"""

from __future__ import annotations

from prompts import text
from service import Settings, wording
from service.answering.context import Context
from service.answering.draft import Draft, make_sentence
from service.answering.retrieval.query_words import SYNONYM_COVERAGE
from service.records import AnswerStatus
from vectorstore import Edition
from vectorstore.records import Item, ItemKind, ItemStatus

ABOUT_NOTICE = "about_service"
# most nearest items, titles of documents, and suggested questions
_NEAREST = 3
_TITLES = 6
_CHOICES = 4
_LEAST_SUPPORT = 0.25  # least weight of a concept that an item supports to be among the nearest


def fixed_draft(name: str, language: str, status: AnswerStatus) -> Draft:
    """A draft with the fixed text `name` and no other content."""
    return Draft(status, None, (make_sentence(text(f"{language}/{name}")),))


def not_in_documents(context: Context, missing: str = "", *items: Item) -> Draft:
    """The draft that nothing was found: the searched documents and the nearest items, `items`
    first.

    `missing` is the sentence on what these items lack, "" for the general one. A hit is near only
    if it has more than a quarter of the question's words, or a concept of some weight. A question
    in a language that the reader does not understand is told so first.
    """
    close_items = (
        hit.item
        for hit in context.hits
        if hit.coverage >= SYNONYM_COVERAGE / 2 or hit.support >= _LEAST_SUPPORT
    )
    candidates = (*items, *close_items)
    nearest = {item.address: item for item in candidates if item.status is not ItemStatus.ARCHIVED}
    titles = [document.title for document in context.documents]
    more = context.say("and_more", number=len(titles) - _TITLES) if len(titles) > _TITLES else ""
    searched = context.say("searched", titles="; ".join(titles[:_TITLES]) + more)
    statements = [missing or text(f"{context.language}/not_in_documents")]
    statements.append(searched if titles else context.say("no_paper_read"))
    if not context.is_understood:
        statements.insert(0, text(f"{context.language}/other_language"))
    sentences = tuple(map(make_sentence, statements))
    return Draft(
        AnswerStatus.NOT_IN_DOCUMENTS, None, sentences, nearest=tuple(nearest.values())[:_NEAREST]
    )


def ask_for_clarification(context: Context) -> Draft:
    """The draft for a question without a topic: it suggests questions on the themes, else on the
    documents.
    """
    ids = {document.id for document in context.documents}
    items = context.corpus.catalogue.items
    themes = [
        item.title for item in items if item.kind is ItemKind.THEME and item.document_id in ids
    ]
    titles = dict.fromkeys(themes or [document.title for document in context.documents])
    choices = [context.say("what_on", title=title) for title in titles]
    statement = make_sentence(text(f"{context.language}/unclear"))
    return Draft(
        AnswerStatus.NEEDS_CLARIFICATION, None, (statement,), suggestions=tuple(choices[:_CHOICES])
    )


def about_service(
    name: str, language: str, edition: Edition, settings: Settings, contact: str
) -> Draft:
    """The draft of a text about the service ("greeting").

    The text on who answers ("identity"; AI Act, Art. 50) has a notice that leads to the page with
    all these texts.
    """
    sentence = make_sentence(about_text(name, language, edition, settings, contact))
    draft = Draft(AnswerStatus.ABOUT_SERVICE, None, (sentence,))
    if name != "identity":
        return draft
    return draft.with_notice(ABOUT_NOTICE, text(f"{language}/about_page"))


def about_text(name: str, language: str, edition: Edition, settings: Settings, contact: str) -> str:
    """A text about the service ("greeting"), filled with names of the service and its documents,
    and with the general contact.

    At most six documents in force are named, with the number of the others. The text on privacy
    has another version for a service that keeps questions.
    """
    documents = list(edition.catalogue.in_force.documents.values())
    titles = []
    for document in documents[:_TITLES]:
        dated = wording.format_as_of(document, language)
        titles.append(
            wording.format_words(language, "title", title=document.title)
            + (f" ({dated})" if dated else "")
        )
    if len(documents) > _TITLES:
        titles.append(
            wording.format_words(language, "more_papers", number=len(documents) - _TITLES)
        )
    if name == "privacy" and settings.keep_questions:
        name += "_kept"
    publishers = filter(None, (document.publisher for document in documents))
    filled = text(f"{language}/about/{name}").format(
        name=settings.name,
        papers=wording.join_words(list(dict.fromkeys(publishers)) or [settings.name], language),
        documents=wording.join_words(titles, language)
        or wording.format_words(language, "no_paper"),
        edition=edition.name,
        contact=contact,
        privacy=settings.privacy_url or "",
        days=settings.keep_questions_days,
    )
    return filled.strip()
