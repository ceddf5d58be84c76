"""The configuration that interfaces read at /config: whose documents it answers from, languages,
contact, limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import Field

from prompts import text
from service import MAX_QUESTION, Settings, models_asked, wording
from service.language_models import model_name, model_notice
from service.records import CONTACT_IN_ENGLISH, MAX_TURNS, Notice, Shape, authorities
from service.web.mail import MAX_ATTACHMENT, MEDIA_TYPES
from vectorstore.language import fold_umlauts
from vectorstore.records import Catalogue, Document

NAMED = 3  # most publishers whose names fit into one sentence
LANGUAGES = ("de", "en")
STYLES = ("standard", "einfach")
CALL_BACK = ("email", "phone")


class AttachmentRules(Shape):
    """What may be attached to a message: media types, and the size in bytes."""

    max_bytes: int
    types: list[str]


class ContactWays(Shape):
    """Where to turn: a sentence, whether there is a contact form, and how people can be
    answered.
    """

    text: str
    form: bool
    ways: list[str]
    attachment: AttachmentRules


class FeedbackWays(Shape):
    """Whether answers can be rated, and whether a free text may go with it."""

    enabled: bool
    text: bool


class QuestionLimits(Shape):
    """Longest question in characters, longest history in turns."""

    question: int
    history_turns: int


class Config(Shape):
    """What an interface needs to know before the first question."""

    name: str
    county: str | None
    languages: list[str]
    styles: list[str]
    start_questions: list[str]
    contact: ContactWays
    feedback: FeedbackWays
    notices: list[Notice]
    documents: int
    as_of: date | None = Field(description="The newest date that a document gives for its contents")
    accessibility_url: str | None
    privacy_url: str | None
    questions_kept_days: int | None = Field(
        description="Days for which masked questions that were not answered well are kept; "
        "null where none is"
    )
    imprint_url: str | None
    corpus_edition: str
    limits: QuestionLimits


def config_of(
    settings: Settings,
    catalogue: Catalogue,
    edition: str,
    language: str,
    first: list[str],
    contact: str,
) -> Config:
    """Return the configuration of interfaces, worded in "de" or "en".

    Documents that are no longer in force do not count. `edition` is the edition's name, `first` are
    the start questions, `contact` is the sentence where to turn in general.
    """
    catalogue = catalogue.in_force
    documents = catalogue.documents.values()
    return Config(
        name=settings.name,
        county=join_authorities(catalogue, language),
        languages=list(LANGUAGES),
        styles=list(STYLES),
        start_questions=first,
        contact=_contact(settings, language, contact),
        feedback=FeedbackWays(enabled=True, text=settings.mails),
        notices=_notices(settings, catalogue, language),
        documents=len(documents),
        as_of=max((document.as_of for document in documents if document.as_of), default=None),
        accessibility_url=settings.accessibility_url,
        privacy_url=settings.privacy_url,
        questions_kept_days=settings.keep_questions_days or None,
        imprint_url=settings.imprint_url,
        corpus_edition=edition,
        limits=QuestionLimits(question=MAX_QUESTION, history_turns=MAX_TURNS),
    )


def _contact(settings: Settings, language: str, contact: str) -> ContactWays:
    """Return the ways to contact the administration: the sentence and, if mail is set up, the form.

    The default sentence is translated to English. Any other was typed by the administration and is
    given as it is.
    """
    is_default = contact == Settings.model_fields["contact"].default
    if is_default and language == "en":
        contact = CONTACT_IN_ENGLISH
    return ContactWays(
        text=contact,
        form=settings.mails,
        ways=list(CALL_BACK) if settings.mails else [],
        attachment=AttachmentRules(max_bytes=MAX_ATTACHMENT, types=list(MEDIA_TYPES)),
    )


def _notices(settings: Settings, catalogue: Catalogue, language: str) -> list[Notice]:
    """Return the notices that an interface shows before the first question.

    If language models are used, one for each, the judge too, says so and names the host that gets
    the questions. If there are sample documents, another says so.
    """
    notices = []
    for setting in models_asked(settings):
        model = model_name(setting)
        notices.append(model_notice("model_asked", language, model.name, model.host))
    if any(document.sample for document in catalogue.documents.values()):
        notices.append(Notice(code="sample_data", text=text(f"{language}/sample_data")))
    return notices


def join_authorities(catalogue: Catalogue, language: str = "de") -> str | None:
    """Return the publishers' names joined as "A, B und C", for use in a sentence.

    None if there are none, or more than `NAMED`: so many do not fit into a sentence.
    """
    names = authorities(catalogue.documents.values())
    if not 0 < len(names) <= NAMED:
        return None
    return wording.join_words(names, language)


def documents_of(documents: Iterable[Document], authority: str) -> list[str]:
    """Return the ids of an administration's documents, by the name of their publisher.

    Names are compared without case, umlauts and repeated white space. A blank name selects no
    document, not those without a publisher.
    """
    folded = fold_umlauts(authority)
    return [
        document.id
        for document in documents
        if folded and fold_umlauts(document.publisher) == folded
    ]
