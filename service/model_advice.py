"""What `model check` advised on the language model for answers, kept beside the editions: the
service follows it, so that a model that failed words no answers.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from prompts import say
from service.logs import log
from service.setting_values import NO_JUDGE
from service.settings import Settings
from vectorstore.storage import StoreError

if TYPE_CHECKING:
    from vectorstore.storage import Database

_FOLDER = "model check/"  # before the model's setting in the names of the texts


class ModelAdvice(StrEnum):
    """What to do with a model: let it judge what it says, show only the papers' words, or do
    without it.
    """

    WITH_JUDGE = "with judge"
    VERBATIM = "verbatim"
    WITHOUT = "without"


def store_advice(database: Database, setting: str, advice: ModelAdvice) -> None:
    """Store the advice on the model with this setting; raises StoreUnavailable."""
    from vectorstore import Texts

    Texts(database).put(_FOLDER + setting, advice.encode())


def follow_advice(settings: Settings, database: Database) -> Settings:
    """The settings without a model that failed its check, and without a judge where the model
    cannot judge and none is set; a warning says so.

    If the advice cannot be read, the settings stay as they are.
    """
    from vectorstore import Texts

    model = settings.answer_model
    if model is None:
        return settings
    try:
        advice = (Texts(database).get(_FOLDER + model) or b"").decode()
    except StoreError:
        return settings
    if advice == ModelAdvice.WITHOUT:
        log.warning(say("serving.model_failed"), model)
        return settings.model_copy(update={"answer_model": None})
    if advice == ModelAdvice.VERBATIM and settings.judge_model is None:
        log.warning(say("serving.model_verbatim"), model)
        return settings.model_copy(update={"judge_model": NO_JUDGE})
    return settings
