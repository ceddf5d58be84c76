"""Curated answers beside a language model, and over another edition than they were written for."""

from __future__ import annotations

from pathlib import Path

from service.answering.service import AnswerService
from service.curated.models import State
from service.curated.served import Curated
from service.curated.store import CuratedStore
from service.language_models.access import Limits, access_to
from service.models import AnswerMode, ChatRequest
from service.settings import Settings
from tests.curated.conftest import REPORT, TODAY, night_bus
from tests.language_models.endpoints import endpoint
from tests.service.county import report
from vectorstore.editions import EditionStore

NIGHT_BUS = ChatRequest(question="Bis wann fährt denn der Nachtbus am Samstag?")


def test_a_model_is_not_asked_for_what_is_curated(service: AnswerService, kept: CuratedStore) -> None:
    prompts: list[str] = []

    def script(prompt: str) -> str:
        prompts.append(prompt)
        return "KEINE ANTWORT"

    with endpoint(script) as one:
        service.model = access_to(one.setting, Limits(seconds=60.0), 400)
        try:
            entry = kept.add(night_bus(), "Ada").entry
            answer = service.answer(NIGHT_BUS)
            assert (answer.mode, prompts, answer.receipt.model) == (AnswerMode.CURATED, [], None)
            assert {one.code for one in answer.notices} == {"curated", "sample_data"}
            kept.remove(entry, "Ada")
            assert service.answer(NIGHT_BUS).mode is not AnswerMode.CURATED and prompts
        finally:
            service.model = None


def test_a_new_edition_is_asked_again(service: AnswerService, kept: CuratedStore, tmp_path: Path) -> None:
    kept.add(night_bus(), "Ada")
    assert service.curated.all()[0].state(TODAY) is State.VALID
    store = EditionStore(tmp_path / "other")
    store.publish([report()])
    edition = store.open()
    other = AnswerService(edition, Settings(data_dir=store.root), curated=kept)
    standing = Curated(other.parts, kept, lambda: TODAY).all()[0]
    assert standing.state(TODAY) is State.UNPROVEN and REPORT in standing.check.reasons[0]
    assert other.answer(NIGHT_BUS).mode is not AnswerMode.CURATED
    edition.close()
