"""Every file of an edition against its manifest: what is lost, changed or does not belong there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from vectorstore.building import Contents, read_back
from vectorstore.edition import Edition
from vectorstore.edition_files import MANIFEST, NOTED, Manifest, StoredFile, damage_of, file_name, read_manifest
from vectorstore.errors import EditionDamaged, NoSpace, StoreError
from vectorstore.nearest import VectorStores
from vectorstore.originals import FOLDER

Open = Callable[[], Edition]


@dataclass(frozen=True, slots=True)
class EditionCheck:
    """What was found in one edition: a German half sentence for each damage.

    `listed` tells whether the edition has a list of its files; one of an earlier version has none, and only its
    originals can be compared.
    """

    name: str
    damages: tuple[str, ...] = ()
    listed: bool = True


def check_files(folder: Path) -> EditionCheck:
    """Compare an edition's folder with its manifest."""
    try:
        manifest = read_manifest(folder)
    except EditionDamaged:
        return EditionCheck(folder.name, (f"{MANIFEST} fehlt oder ist verändert",))
    listed = manifest.files is not None
    damages = [one for name, stored in _expected(manifest).items() if (one := damage_of(folder / name, name, stored))]
    if manifest.name != folder.name:
        damages.append(f"{MANIFEST} gehört zur Ausgabe {manifest.name}")
    if manifest.files is not None:
        damages += [f"{name} gehört nicht dazu" for name in _surplus(folder, manifest.files)]
    return EditionCheck(folder.name, tuple(damages), listed)


def check_edition(folder: Path, opened: Open, vectors: VectorStores) -> EditionCheck:
    """Compare files, then what Chroma holds; an edition without a list of its files is opened and read back.

    Raises EditionMismatch where such an edition was built with another embedding, NoSpace.
    """
    check = check_files(folder)
    if check.damages:
        return check
    try:
        if not check.listed:
            _read_back(opened)
        with closing(vectors.open(folder, folder.name)) as store:
            store.require_index()
    except EditionDamaged as error:
        return replace(check, damages=(str(error).rstrip("."),))
    return check


def holds(folder: Path, contents: Contents, opened: Open) -> bool:
    """Whether an edition is whole, has a list of its files, and is made of these contents; raises NoSpace."""
    try:
        if read_manifest(folder).contents != contents.digest:
            return False
    except EditionDamaged:
        return False
    check = check_files(folder)
    if check.damages or not check.listed:
        return False
    try:
        _read_back(opened, contents)
    except NoSpace:
        raise
    except StoreError:
        return False
    return True


def _read_back(opened: Open, contents: Contents | None = None) -> None:
    with closing(opened()) as edition:
        if contents is None:
            read_back(edition, edition.catalogue)
        else:
            edition.store.require_index()
            read_back(edition, contents.catalogue, questions=contents.questions)


def _expected(manifest: Manifest) -> dict[str, StoredFile]:
    """The files of the manifest's list; originals by what else it says of them, which is older than the list."""
    originals = {
        f"{FOLDER}/{one.file}": StoredFile(size=None, sha256=one.sha256) for one in manifest.originals.values()
    }
    return originals | dict(manifest.files or {})


def _surplus(folder: Path, files: Mapping[str, StoredFile]) -> list[str]:
    found = sorted(file_name(path, folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [name for name in found if name not in (MANIFEST, *files) and not name.startswith(NOTED)]
