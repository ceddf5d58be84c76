"""The command that tries the language model: what the endpoint can do, and what to set."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.composition import ANSWER_TOKENS
from service.terminal.errors import DataDir, Exit, fail, settings_for
from service.terminal.output import out, print_raw

if TYPE_CHECKING:
    from service.language_models.building import ModelName
    from service.model_check import Trials

app = typer.Typer(help=say("commands.models_help"), no_args_is_help=True)
_TITLES = {
    "reachable": "Erreichbar",
    "calls": "Werkzeuge",
    "answer": "Deutsche Frage",
    "nothing": "Fehlende Angabe",
    "context": "Kontext",
    "speed": "Tempo",
}


@app.command(epilog="Beispiel: strategielotse model check --model openai:qwen3:8b@http://127.0.0.1:11434/v1")
def check(
    model: Annotated[str | None, typer.Option("--model", metavar="MODELL", help=say("commands.model_instead"))] = None,
    wait: Annotated[float, typer.Option("--wait", min=1, help=say("commands.model_wait"))] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help=say("commands.model_json"))] = False,
    data_dir: DataDir = None,
) -> None:
    """Sagt, was das Sprachmodell kann und was einzustellen ist; Ende mit 1, wo es für Antworten nicht taugt."""
    from service.language_models.building import LangChainModel, model_name
    from service.model_check import Trials

    settings = settings_for(data_dir, answer_model=model)
    if settings.answer_model is None:
        raise fail(say("model_check.none"))
    name = model_name(settings.answer_model)
    build = partial(LangChainModel, settings.answer_model, tokens=ANSWER_TOKENS, seconds=wait)
    trials = Trials(build, settings.model_seconds, settings.request_seconds, wait)
    usable = _as_json(name, trials) if as_json else _in_words(name, trials, is_set=model is None)
    raise typer.Exit(Exit.DONE if usable else Exit.REJECTED)


def _in_words(name: ModelName, trials: Trials, *, is_set: bool) -> bool:
    """Print a line for each trial as it ends, and whether the model can be used; return that."""
    out.print(f"Sprachmodell {name.name} ({name.host})")
    usable = True
    for one in trials.outcomes():
        usable = usable and one.ok
        out.print(f"{'✓' if one.ok else '✗'} {_TITLES[one.trial]}: {one.said}")
    to_set = "" if is_set else say("model_check.to_set")
    out.print(say("model_check.usable") + to_set if usable else say("model_check.unusable"))
    return usable


def _as_json(name: ModelName, trials: Trials) -> bool:
    outcomes = list(trials.outcomes())
    usable = all(one.ok for one in outcomes)
    told = {
        "model": name.name,
        "host": name.host,
        "usable": usable,
        "trials": [{"trial": one.trial, "ok": one.ok, "said": one.said} for one in outcomes],
        "seconds": round(trials.slowest, 3) or None,
        "least_model_seconds": trials.least_seconds,
    }
    print_raw(json.dumps(told, ensure_ascii=False, indent=1))
    return usable
