"""What the service tells an interface about itself: whom it speaks for, what it can, where to turn."""

from __future__ import annotations

from prompts import text
from service.authorities import told_authorities
from service.interface_models import AttachmentRules, Config, ContactWays, FeedbackWays, QuestionLimits
from service.language_models.naming import model_name, model_notice
from service.mail.contact_form import MAX_ATTACHMENT, MEDIA_TYPES
from service.models import MAX_QUESTION, MAX_TURNS
from service.record_models import Notice
from service.settings import Settings
from vectorstore.catalogue import Catalogue

LANGUAGES = ("de", "en")
AND = {"de": "und", "en": "and"}
STYLES = ("standard", "einfach")
CALL_BACK = ("email", "phone")
CONTACT_IN_ENGLISH = "Please contact the county administration."


def config_of(settings: Settings, catalogue: Catalogue, edition: str, language: str, first: list[str]) -> Config:
    """Return the configuration of interfaces, worded in "de" or "en"; `first` are questions to begin with."""
    catalogue = catalogue.in_force
    documents = catalogue.documents.values()
    return Config(
        name=settings.name,
        county=told_authorities(catalogue, AND[language]),
        languages=list(LANGUAGES),
        styles=list(STYLES),
        start_questions=first,
        contact=_contact(settings, language),
        feedback=FeedbackWays(enabled=True, text=settings.mails),
        notices=_notices(settings, catalogue, language),
        documents=len(documents),
        as_of=max((one.as_of for one in documents if one.as_of), default=None),
        accessibility_url=settings.accessibility_url,
        privacy_url=settings.privacy_url,
        questions_kept_days=settings.keep_questions_days if settings.keep_questions else None,
        imprint_url=settings.imprint_url,
        corpus_edition=edition,
        limits=QuestionLimits(question=MAX_QUESTION, history_turns=MAX_TURNS),
    )


def _contact(settings: Settings, language: str) -> ContactWays:
    unchanged = settings.contact == Settings.model_fields["contact"].default
    return ContactWays(
        text=CONTACT_IN_ENGLISH if unchanged and language == "en" else settings.contact,
        form=settings.mails,
        ways=list(CALL_BACK) if settings.mails else [],
        attachment=AttachmentRules(max_bytes=MAX_ATTACHMENT, types=list(MEDIA_TYPES)),
    )


def _notices(settings: Settings, catalogue: Catalogue, language: str) -> list[Notice]:
    """That the county is invented, and where questions go where a language model is asked."""
    found = []
    if settings.answer_model:
        model = model_name(settings.answer_model)
        found.append(model_notice("model_asked", language, model.name, model.host))
    if any(one.sample for one in catalogue.documents.values()):
        found.append(Notice(code="sample_data", text=text(f"{language}/sample_data")))
    return found
