"""Has the language model of the setting `ingest_model` read documents and write questions.

The documents are those of the published edition or of a draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prompts import say
from service import Settings
from service.backup import make_store
from service.cli.question_writing.cache import QUESTIONS, REPLIES, WrittenCache
from service.composition import make_ingest_model
from service.language_models import Failure, ModelUnavailable
from service.office.uploads import ReportProgress
from service.records import labels
from service.terminal import format_tokens

if TYPE_CHECKING:
    from ingest import Reading, WindowRequest
    from service.cli.ingestion.asking import ReadingChat
    from service.cli.question_writing.batches import Batch
    from service.cli.question_writing.writer import WritingReport
    from service.language_models import ModelAccess
    from vectorstore import Edition, EditionStore, ItemQuestion
    from vectorstore.records import Document


@dataclass(slots=True)
class ReadDocuments:
    """The documents that a model has read, and a sentence for each problem; `failure` is why
    reading ended early, None if it did not.
    """

    read: list[Document] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    failure: Failure | None = None


def reading_chat(settings: Settings, access: ModelAccess, **options: Any) -> ReadingChat:
    """Return the chat that asks the model about pages; `options` are further fields of it."""
    from service.cli.ingestion.asking import ReadingChat

    return ReadingChat(access, WrittenCache(make_store(settings).texts, REPLIES), **options)


def open_requests(store: EditionStore, document: Document, model: str) -> list[WindowRequest]:
    """Return the requests for the pages of a document that this model has not read yet.

    There are none for a document that is not in German: the prompts are German.
    """
    from ingest import changed_pages, requests_of

    if document.language != "de":
        return []
    return requests_of(document, changed_pages(_stored_reading(store, document, model), document))


def _stored_reading(store: EditionStore, document: Document, model: str) -> Reading | None:
    """Return the stored reading of a document; None without one, or if another model made it."""
    from ingest import Reading

    reading = Reading.load(store.texts, document.id)
    if reading is None or reading.model != model:
        return None
    return reading


def price(settings: Settings, document: Document) -> str:
    """Return a text on what it costs to have the model read a document.

    Requests whose reply is in the cache cost nothing. "" if no model is configured, if it has read
    the document already, or if the document is not in German.
    """
    access = make_ingest_model(settings)
    if access is None:
        return ""
    requests = open_requests(make_store(settings), document, access.name)
    if not requests:
        return ""
    number, tokens = reading_chat(settings, access).expected(requests)
    text = format_tokens(tokens, access.limits)
    requests_text = labels.format_with_noun(number, "Anfrage", "Anfragen")
    return say(
        "review.price", name=access.name, host=access.host, requests=requests_text, tokens=text
    )


def read_documents(
    chat: ReadingChat, store: EditionStore, documents: Sequence[Document], tell: ReportProgress
) -> ReadDocuments:
    """Have the model read documents, and store its reading of each.

    If the model has read a document before, only changed pages are read. Pages for which the reply
    had a wrong form remain unread; a problem says how many. Ends at the first request for which the
    model is not available; the documents that were read until then are stored.
    """
    from ingest import NoReading, Reading, changed_pages, read_document

    done = ReadDocuments()
    for document in documents:
        try:
            reading = read_document(
                document, chat, tell, _stored_reading(store, document, chat.name)
            )
        except NoReading as error:
            done.problems.append(say("model_work.no_reading", document=document.id, why=error))
        except ModelUnavailable as error:
            done.failure = error.failure
            break
        else:
            store.texts.put(Reading.name_for(document.id), reading.content)
            unread = changed_pages(reading, document)  # a page whose reply failed is in no reading
            if unread:
                done.problems.append(
                    say("model_work.pages_left", document=document.id, number=len(unread))
                )
            done.read.append(document)
    return done


def missing_questions(
    settings: Settings, edition: Edition, model: str, documents: Sequence[str]
) -> list[Batch]:
    """Return the items, in batches, for which a model has not written questions yet.

    They are those of the `documents`, () for all documents of the edition. Items whose questions
    are in the cache are left out, even if the edition does not have these questions yet.
    """
    from service.answering import Corpus
    from service.cli.question_writing.batches import make_batches, question_origin
    from service.cli.question_writing.writer import items_without_questions

    cache = question_cache(settings)
    lacking = items_without_questions(
        edition.catalogue.items, edition.questions.all, model, documents
    )
    missing = [item for item in lacking if not cache.get(question_origin(item, model))]
    if not missing:
        return []
    return make_batches(missing, Corpus(edition))


def write_questions(
    settings: Settings, access: ModelAccess, batches: Sequence[Batch], tell: ReportProgress
) -> WritingReport:
    """Have the model write questions for the items in these batches, and cache them."""
    from service.cli.question_writing import writer

    return writer.write_questions(access, question_cache(settings), batches, tell)


def question_cache(settings: Settings) -> WrittenCache:
    """Return the cache of the questions that models wrote for the items of a data folder."""
    return WrittenCache(make_store(settings).texts, QUESTIONS)


def stored_questions(
    settings: Settings, edition: Edition, documents: Sequence[str] = ()
) -> tuple[ItemQuestion, ...]:
    """Return the questions of an edition, with the cached ones for items that lack the model's.

    These are items of the `documents` (() for all) without a question by the configured model on
    their present text. Without a model the questions of the edition are returned as they are.
    """
    from service.cli.question_writing.writer import add_written, items_without_questions

    access, known = make_ingest_model(settings), edition.questions.all
    if access is None:
        return known
    missing = items_without_questions(edition.catalogue.items, known, access.name, documents)
    return add_written(known, missing, question_cache(settings), access.name)
