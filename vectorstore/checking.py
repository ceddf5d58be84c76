"""Every file of an edition against its manifest: what is lost, changed or does not belong there."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vectorstore.building import Contents
from vectorstore.edition_files import MANIFEST, NOTED, SCHEMA_VERSION, damage_of, file_name, read_manifest
from vectorstore.errors import EditionDamaged, StoreError
from vectorstore.nearest import VectorStores


@dataclass(frozen=True, slots=True)
class EditionCheck:
    """What was found in one edition: a German half sentence for each damage."""

    name: str
    damages: tuple[str, ...] = ()


def check_edition(folder: Path, vectors: VectorStores) -> EditionCheck:
    """Compare an edition's folder with its manifest, then what Chroma holds; raises StoreAway."""
    if damages := _damages(folder):
        return EditionCheck(folder.name, tuple(damages))
    try:
        with closing(vectors.open(folder, folder.name)) as store:
            store.require_index()
    except EditionDamaged as error:
        return EditionCheck(folder.name, (str(error).rstrip("."),))
    return EditionCheck(folder.name)


def holds(folder: Path, contents: Contents, vectors: VectorStores) -> bool:
    """Whether an edition is whole, and is made of these contents."""
    try:
        manifest = read_manifest(folder)
        same = (manifest.schema_version, manifest.contents) == (SCHEMA_VERSION, contents.digest)
        return same and not check_edition(folder, vectors).damages
    except StoreError:
        return False


def _damages(folder: Path) -> list[str]:
    try:
        manifest = read_manifest(folder)
    except EditionDamaged:
        return [f"{MANIFEST} fehlt oder ist verändert"]
    damages = [one for name, stored in manifest.files.items() if (one := damage_of(folder / name, name, stored))]
    if manifest.name != folder.name:
        damages.append(f"{MANIFEST} gehört zur Ausgabe {manifest.name}")
    found = sorted(file_name(path, folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    surplus = (one for one in found if one not in (MANIFEST, *manifest.files) and not one.startswith(NOTED))
    return [*damages, *(f"{one} gehört nicht dazu" for one in surplus)]
