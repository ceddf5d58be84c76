"""Has the language model of the setting `ingest_model` write questions for items.

The items are those of the published edition or of a draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from service import Settings
from service.backup import make_store
from service.cli.question_writing.cache import QUESTIONS, WrittenCache
from service.composition import make_ingest_model
from service.office.uploads import ReportProgress

if TYPE_CHECKING:
    from service.cli.question_writing.batches import Batch
    from service.cli.question_writing.writer import WritingReport
    from service.language_models import ModelAccess
    from vectorstore import Edition, ItemQuestion


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
