"""Versions of curated answers: none is lost, each has a name and a date, each can be taken back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.curated.models import Action, wrong_in
from service.curated.store import CuratedStore, Outdated, Unknown
from tests.curated.conftest import TODAY, night_bus
from vectorstore.database import Database

MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_nothing_kept_is_no_fault(kept: CuratedStore) -> None:
    assert (kept.version(), kept.current()) == (0, [])
    with pytest.raises(Unknown):
        kept.history("nix")


def test_every_version_has_a_name_and_a_date(tmp_path: Path) -> None:
    store = CuratedStore(Database(tmp_path), lambda: MOMENT)
    added = store.add(night_bus(), "Ada")
    edited = store.edit(added.entry, night_bus(owner="Amt 80"), "Bo", base=added.number)
    removed = store.remove(added.entry, "Cem")
    restored = store.restore(added.entry, "Dora")
    history = CuratedStore(Database(tmp_path)).history(added.entry)
    assert history == [restored, removed, edited, added]
    assert [(one.person, one.action, one.moment) for one in history] == [
        ("Dora", Action.RESTORED, MOMENT),
        ("Cem", Action.REMOVED, MOMENT),
        ("Bo", Action.EDITED, MOMENT),
        ("Ada", Action.ADDED, MOMENT),
    ]
    assert store.current() == [restored] and restored.answer.owner == "Amt 80"


def test_an_earlier_version_can_be_taken_back(kept: CuratedStore) -> None:
    first = kept.add(night_bus(), "Ada")
    kept.edit(first.entry, night_bus(text="Der Nachtbus fährt bis 3:30 Uhr."), "Bo")
    assert kept.restore(first.entry, "Cem", first.number).answer == first.answer
    version = kept.version()
    assert kept.restore(first.entry, "Cem", first.number).number == version == kept.version()
    with pytest.raises(Unknown):
        kept.restore(first.entry, "Cem", 999)


def test_who_edits_what_changed_meanwhile_is_told_and_nothing_is_kept(kept: CuratedStore) -> None:
    first = kept.add(night_bus(), "Ada")
    second = kept.edit(first.entry, night_bus(owner="Amt 80"), "Bo", base=first.number)
    with pytest.raises(Outdated):
        kept.edit(first.entry, night_bus(owner="Amt 50"), "Cem", base=first.number)
    assert kept.current() == [second]


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=CuratedStore(Database(tmp_path)).add, args=(night_bus(), str(place)))
        for place in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(one.person for one in CuratedStore(Database(tmp_path)).current()) == [*map(str, range(6))]


def test_taking_keeps_names_and_only_what_differs(kept: CuratedStore) -> None:
    first = kept.add(night_bus(), "Ada")
    taken = kept.take([(first.entry, night_bus()), ("", night_bus(owner="Amt 80")), ("abc", night_bus())], "Bo")
    assert [one.action for one in taken] == [Action.ADDED, Action.ADDED] and taken[1].entry == "abc"
    again = kept.take([("abc", night_bus(owner="Amt 51"))], "Bo")
    assert [one.action for one in again] == [Action.EDITED] and len(kept.current()) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": " "}, "question"),
        ({"question": "x" * 501}, "question"),
        ({"wordings": ("Bis wann fährt  der nachtbus?",)}, "wordings"),
        ({"wordings": tuple(f"Frage {place}?" for place in range(21))}, "wordings"),
        ({"text": ""}, "text"),
        ({"text": "Bis 3:30 Uhr\x07."}, "text"),
        ({"owner": ""}, "owner"),
        ({"citations": ()}, "citations"),
        ({"citations": (("a", "1"), ("a", "1"))}, "citations"),
        ({"valid_until": TODAY.replace(year=2025)}, "valid_until"),
        ({"language": "en"}, "language"),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_field(changes: dict[str, object], field: str) -> None:
    assert [one.field for one in wrong_in(night_bus(**changes), TODAY)] == [field]
    assert wrong_in(night_bus(), TODAY) == []
