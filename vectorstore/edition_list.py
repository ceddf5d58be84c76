"""What stands on a shelf: which edition is published, which was before it, which are drafts. Only looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vectorstore.drafts import EditionInfo, EditionState, Pointer
from vectorstore.edition_files import name_before
from vectorstore.errors import EditionDamaged, NotPublishable
from vectorstore.kept_texts import Texts
from vectorstore.shelf import Shelf


class EditionList:
    """The editions of a shelf by name; methods raise StoreAway while a shared one is away."""

    def __init__(self, root: Path, shelf: Shelf) -> None:
        self.root = root
        self.editions = root / "editions"
        self._shelf = shelf

    @property
    def texts(self) -> Texts:
        """What people keep beside these editions: tables of corrections and units, reading plans."""
        return self._shelf.texts

    def current_name(self) -> str | None:
        """The name of the published edition; None where nothing is ingested."""
        return self._shelf.pointer().current

    def last_known_name(self) -> str | None:
        """The same as far as this machine knows: cheap, and also where a shared shelf is away."""
        return self._shelf.last_known().current

    def names(self) -> list[str]:
        """All editions that are still there, drafts too, oldest first."""
        return self._shelf.names()

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine; raises EditionDamaged where it is not had."""
        return self._shelf.folder(name)

    def drafts(self) -> list[str]:
        """The editions that wait to be published, oldest first."""
        noted = self._shelf.pointer().drafts
        return [name for name in self.names() if name in noted]

    def before(self, name: str) -> str | None:
        """The edition that was current before this one; None where it is gone or there was none."""
        pointer = self._shelf.pointer()
        noted = pointer.before if pointer.current == name else None
        return name_before([one for one in self.names() if one not in pointer.drafts], name, noted)

    def base_of(self, name: str) -> str | None:
        """The edition that was current when a draft was begun; the name itself where it is no draft."""
        note = self._shelf.pointer().drafts.get(name)
        return note.based_on if note else name

    def is_outdated(self, name: str) -> bool:
        """Whether a draft started from an edition that is no longer current."""
        pointer = self._shelf.pointer()
        return name in pointer.drafts and pointer.drafts[name].based_on != pointer.current

    def require_draft(self, name: str) -> None:
        """Raise NotPublishable unless there is a draft of this name."""
        if name not in self.drafts():
            raise NotPublishable(f"Einen Entwurf {name} gibt es nicht.")

    def listed(self) -> list[EditionInfo]:
        """All editions with what each is at the moment, newest first."""
        pointer = self._shelf.pointer()
        before = self.before(pointer.current) if pointer.current else None
        return [self._info(name, pointer, before) for name in reversed(self.names())]

    def document_ids(self, name: str | None = None) -> tuple[str, ...]:
        """The ids of the named or the current edition's documents; none where there is none or nobody can tell."""
        try:
            chosen = name or self.current_name()
            return self._shelf.manifest(chosen).documents if chosen else ()
        except EditionDamaged:
            return ()

    def _info(self, name: str, pointer: Pointer, before: str | None) -> EditionInfo:
        note = pointer.drafts.get(name)
        states = {before: EditionState.BEFORE, pointer.current: EditionState.CURRENT}
        info = EditionInfo(name, EditionState.DRAFT if note else states.get(name, EditionState.LEFT))
        if note is not None:
            info = replace(info, based_on=note.based_on, made=note.made, outdated=note.based_on != pointer.current)
        try:
            manifest = self._shelf.manifest(name)
        except EditionDamaged:
            return info
        return replace(info, created=manifest.created, documents=len(manifest.documents), items=manifest.items)
