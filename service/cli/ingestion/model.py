"""The model that is set for ingestion reads papers and writes questions, over the published edition or a draft.

Replies are kept as they come: a run that ends goes on where it stopped, and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prompts import say
from service.composition import make_ingest_model, make_store
from service.language_models.errors import Failure, ModelUnavailable
from service.question_writing.cache import FILE, REPLIES, WrittenCache, written_cache
from service.settings import Settings
from service.terminal.output import requests_told, tokens_told

if TYPE_CHECKING:
    from service.cli.ingestion.asking import PaperChat
    from service.language_models.access import ModelAccess
    from service.question_writing.batches import Batch
    from service.question_writing.writer import Written
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore
    from vectorstore.questions import ItemQuestion
    from vectorstore.records import Document

Tell = Callable[[str, float], None]


@dataclass(slots=True)
class PapersRead:
    """What came of having papers read: those that were, a sentence for each that was not, and why it ended early."""

    read: list[Document] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    failure: Failure | None = None


@contextmanager
def paper_chat(settings: Settings, access: ModelAccess) -> Iterator[PaperChat]:
    """What asks the model about pages, its replies kept; raises WriterBusy where another process asks."""
    from service.cli.ingestion.asking import PaperChat

    with written_cache(settings.data_dir, REPLIES) as cache:
        yield PaperChat(access, cache)


def is_unread(store: EditionStore, document: Document, model: str, *, named: bool) -> bool:
    """Tell whether a German paper was not read by this model yet, and staff said nothing of it unless it is named."""
    from ingest.model_reader.judging import reading_of
    from ingest.plan.files import staff_parts
    from ingest.plan.form import load_plan

    staff = staff_parts(load_plan(document.plan or ""))
    if document.language != "de" or (not named and (staff.families or staff.labels or staff.statuses)):
        return False
    reading = reading_of(document, store.texts)
    return reading is None or reading.model != model


def price(settings: Settings, document: Document) -> str:
    """Say what it takes to have the model read a document; "" where none is set, or it has read it."""
    from service.cli.ingestion.asking import PaperChat

    access = make_ingest_model(settings)
    if access is None or not is_unread(make_store(settings), document, access.name, named=True):
        return ""
    number, tokens = PaperChat(access, WrittenCache(settings.data_dir / REPLIES)).expected([document])
    told = tokens_told(tokens, access.limits)
    return say("review.price", name=access.name, host=access.host, requests=requests_told(number), tokens=told)


def read_papers(chat: PaperChat, store: EditionStore, documents: Sequence[Document], tell: Tell) -> PapersRead:
    """Have the model read papers one by one; keep what it said of them, and the front matter that this proves.

    Raises OSError.
    """
    from ingest.front_matter import dump_front
    from ingest.model_reader.judging import front_of, kept_reading
    from ingest.model_reader.reader import NoReading, read_paper
    from ingest.plan.files import front_proposal

    done = PapersRead()
    for one in documents:
        try:
            reading = read_paper(one, chat, tell)
        except NoReading as error:
            done.told.append(say("model_work.no_reading", document=one.id, why=error))
        except ModelUnavailable as error:
            done.failure = error.failure
            break
        else:
            store.texts.put(kept_reading(one.id), reading.model_dump_json().encode())
            if parts := front_of(one, reading):
                store.texts.put(front_proposal(one.id), dump_front(parts))
            done.read.append(one)
    return done


def missing_questions(
    settings: Settings, edition: Edition, model: str, documents: Sequence[str] = (), cache: WrittenCache | None = None
) -> list[Batch]:
    """Return what the model has to be asked to write the questions that an edition's items lack."""
    from service.answering.corpus import Corpus
    from service.question_writing.batches import batches
    from service.question_writing.writer import open_items, unwritten

    cache = cache or WrittenCache(settings.data_dir / FILE)
    missing = unwritten(open_items(edition.catalogue.items, edition.questions.all, model, documents), cache, model)
    return batches(missing, Corpus(edition)) if missing else []


def write_questions(
    settings: Settings, access: ModelAccess, edition: Edition, documents: Sequence[str], tell: Tell
) -> Written:
    """Have the model write the questions that items of these documents lack; raises WriterBusy, OSError."""
    from service.question_writing.writer import write

    with written_cache(settings.data_dir) as cache:
        asked = missing_questions(settings, edition, access.name, documents, cache)
        return write(access, cache, asked, tell)


def with_kept(settings: Settings, edition: Edition, documents: Sequence[str] = ()) -> tuple[ItemQuestion, ...]:
    """Return an edition's questions with those that were written for its items, also where they had got lost."""
    from service.question_writing.writer import open_items, with_written

    access, known = make_ingest_model(settings), edition.questions.all
    if access is None:
        return known
    missing = open_items(edition.catalogue.items, known, access.name, documents)
    return with_written(known, missing, WrittenCache(settings.data_dir / FILE), access.name)
