"""Commands on further wordings of a decision: more of them, kept questions that it holds for too, one less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli_learning import group_of, learning_of
from service.composition import make_holder
from service.terminal.errors import CommandError, DataDir, settings_for
from service.terminal.output import out

if TYPE_CHECKING:
    from service.learning.decisions import Decision

Number = Annotated[int, typer.Argument(metavar="NUMMER", help="Nummer der Entscheidung")]


def also(
    number: Number,
    wordings: Annotated[list[str] | None, typer.Argument(metavar="WORTLAUT...", help="So fragen andere danach")] = None,
    group: Annotated[str, typer.Option("--group", help="Id einer offenen Frage: auch für ihre Gruppe")] = "",
    data_dir: DataDir = None,
) -> None:
    """Gibt einer Entscheidung weitere Wortlaute, oder lässt sie auch für eine offene Gruppe gelten."""
    from service.learning.choosing import ChoiceError
    from service.learning.deciding import extend, join

    settings = settings_for(data_dir)
    with learning_of(settings, ChoiceError) as (learning, who), make_holder(settings).lease() as served:
        if bool(group) == bool(wordings):
            raise CommandError("Bitte entweder Wortlaute nennen oder mit --group eine offene Frage.")
        if group:
            join(learning, served.edition, number, group_of(group, learning, served).members, who)
            told = "gilt auch für diese Gruppe"
        else:
            added = extend(learning, served.edition, number, wordings or [], who)
            told = f"hat {added} {'Wortlaut' if added == 1 else 'Wortlaute'} mehr"
    out.print(f"Entscheidung {number} {told}.")


def undo(
    number: Number,
    wording: Annotated[
        int | None, typer.Option("--wording", help="Nur diesen weiteren Wortlaut, nach seiner Nummer")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Nimmt eine Entscheidung zurück oder einen weiteren Wortlaut; ihre Fragen sind wieder offen."""
    from service.learning import deciding

    with learning_of(settings_for(data_dir)) as (learning, who):
        if wording is not None:
            if not deciding.remove_wording(learning, number, wording, who):
                raise CommandError(f"Entscheidung {number} hat keinen Wortlaut {wording}, der noch gilt.")
            out.print(f"Wortlaut {wording} von Entscheidung {number} ist entfernt.")
        elif deciding.undo(learning, number, who):
            out.print(f"Entscheidung {number} ist zurückgenommen.")
        else:
            raise CommandError(f"Eine Entscheidung {number}, die noch gilt, gibt es nicht.")


def wordings_told(decision: Decision) -> list[str]:
    """The further wordings of a decision, a line for each: "   7 Leiht mir wer ein Rad? (Eva, entfernt)"."""
    from service.learning.words import wording_state

    told = []
    for one in decision.further:
        about = ", ".join(part for part in (one.person, wording_state(decision, one)) if part)
        told.append(f"{one.id:>4} {one.question or '(gelöscht)'} ({about})")
    return told
