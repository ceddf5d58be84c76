"""What stands in a data folder: which edition is published, which was before it, which are drafts. Only looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vectorstore.drafts import DraftNotes, EditionInfo, EditionState
from vectorstore.edition_files import CURRENT, edition_before, edition_names, read_manifest
from vectorstore.errors import EditionDamaged, NotPublishable


class EditionShelf:
    """The editions of one data folder by name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.editions = root / "editions"
        self._notes = DraftNotes(root)

    def current_name(self) -> str | None:
        """The name of the published edition; None where nothing is ingested."""
        try:
            return (self.root / CURRENT).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """All editions that are still there, drafts too, oldest first."""
        return edition_names(self.editions)

    def drafts(self) -> list[str]:
        """The editions that wait to be published, oldest first."""
        current = self.current_name()
        return [name for name in self.names() if name != current and self._notes.get(name) is not None]

    def before(self, name: str) -> str | None:
        """The edition that was current before this one; None where it is gone or there was none."""
        return edition_before(self.root, name, self.drafts())

    def base_of(self, name: str) -> str | None:
        """The edition that was current when a draft was begun; the name itself where it is no draft."""
        note = self._notes.get(name) if name != self.current_name() else None
        return note.based_on if note is not None else name

    def is_outdated(self, name: str) -> bool:
        """Whether a draft started from an edition that is no longer current."""
        note = self._notes.get(name)
        return note is not None and note.based_on != self.current_name()

    def require_draft(self, name: str) -> None:
        """Raise NotPublishable unless there is a draft of this name."""
        if name not in self.drafts():
            raise NotPublishable(f"Einen Entwurf {name} gibt es nicht.")

    def listed(self) -> list[EditionInfo]:
        """All editions with what each is at the moment, newest first."""
        current = self.current_name()
        before = self.before(current) if current else None
        return [self._info(name, current, before) for name in reversed(self.names())]

    def document_ids(self, name: str | None = None) -> tuple[str, ...]:
        """The ids of the named or the current edition's documents; none where there is none or nobody can tell."""
        try:
            return read_manifest(self.editions / (name or self.current_name() or "")).documents
        except EditionDamaged:
            return ()

    def _info(self, name: str, current: str | None, before: str | None) -> EditionInfo:
        note = self._notes.get(name) if name != current else None
        state = EditionState.DRAFT if note else EditionState.LEFT
        info = EditionInfo(name, {current: EditionState.CURRENT, before: EditionState.BEFORE}.get(name, state))
        if note is not None:
            info = replace(info, based_on=note.based_on, made=note.made, outdated=note.based_on != current)
        try:
            manifest = read_manifest(self.editions / name)
        except EditionDamaged:
            return info
        return replace(info, created=manifest.created, documents=len(manifest.documents), items=manifest.items)
