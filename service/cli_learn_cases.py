"""The county's own cases on the command line: which there are, and files of them in and out, wherever they are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli_learning import learning_of
from service.terminal.errors import CommandError, DataDir, file_sentences, settings_for
from service.terminal.output import out

if TYPE_CHECKING:
    from service.learning.learning import Learning


def cases(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Name einer Datei von Fällen, zum Beispiel kita")] = "",
    source: Annotated[Path | None, typer.Option("--from", help="Datei (JSONL), die als NAME übernommen wird")] = None,
    target: Annotated[Path | None, typer.Option("--to", help="Datei, in die NAME geschrieben wird")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="NAME entfernen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Zeigt die eigenen Fälle, die jeder Versuch stellt; nimmt Dateien auf, gibt sie heraus, entfernt sie."""
    with learning_of(settings_for(data_dir)) as (learning, who):
        if not name and not (source or target or drop):
            _list(learning)
            return
        if not _is_name(name) or sum(map(bool, (source, target, drop))) != 1:
            raise CommandError("Bitte einen NAMEN ohne Schrägstrich nennen, und eines von --from, --to, --drop.")
        place = f"cases/{name.removesuffix('.jsonl')}.jsonl"
        if target is not None:
            _put_out(learning, place, target)
            return
        if place == "cases/learned.jsonl":
            raise CommandError("„learned“ entsteht aus Entscheidungen: learn case macht aus einer einen Fall.")
        if source is not None:
            learning.texts.put(place, _read(source))
            who.note("cases-take", name)
        else:
            if learning.texts.get(place) is None:
                raise CommandError(f"Fälle unter dem Namen {name} gibt es nicht.")
            learning.texts.remove(place)
            who.note("cases-drop", name)
    out.print(f"{name}: {'entfernt' if source is None else 'übernommen'}.")


def _list(learning: Learning) -> None:
    from service.learning.cases import own_cases
    from vectorstore.kept_texts import files_in

    found = own_cases(learning.texts)
    for name, content in found.items():
        number = sum(bool(line.strip()) for line in content.splitlines())
        out.print(f"{name.removesuffix('.jsonl')}: {number} {'Fall' if number == 1 else 'Fälle'}")
    if not found:
        out.print("Es gibt noch keine eigenen Fälle.")
    for name in files_in(learning.settings.data_dir):
        if name.startswith("cases/") and (path := learning.texts.unused(name)):
            out.print(f"{path} gilt nicht, da es unter diesem Namen andere Fälle gibt; --from übernimmt die Datei.")


def _put_out(learning: Learning, place: str, target: Path) -> None:
    content = learning.texts.get(place)
    if content is None:
        raise CommandError(f"Fälle unter dem Namen {Path(place).stem} gibt es nicht.")
    with file_sentences():
        target.write_bytes(content)
    out.print(f"Geschrieben: {target}")


def _read(source: Path) -> bytes:
    """The content of a file in which each line is an object with a question; a trial checks the rest."""
    with file_sentences():
        content = source.read_bytes()
    for number, line in enumerate(content.splitlines(), 1):
        try:
            found = json.loads(line) if line.strip() else {"question": ""}
        except ValueError:
            found = None
        if not isinstance(found, dict) or "question" not in found:
            raise CommandError(f"{source}, Zeile {number}: kein Fall (docs/cases.md). Nichts ist übernommen.")
    return content


def _is_name(name: str) -> bool:
    return bool(name) and name.replace("-", "").replace("_", "").replace(".", "").isalnum() and name[0] not in ".-"
