"""What is told of a language model that was tried: one line of German each, with what to set or do where it fails."""

from __future__ import annotations

from service.language_models.errors import Failure

NONE = (
    "Es ist kein Sprachmodell eingestellt: STRATEGIELOTSE_ANSWER_MODEL=openai:NAME@ADRESSE setzen (etwa"
    " openai:qwen3:8b@http://127.0.0.1:11434/v1 für Ollama) oder --model angeben. Antworten kommen ohne eines aus."
)
_FAILURES = {
    Failure.NOT_INSTALLED: (
        "Ein Paket fehlt: pip install '.[model]', für Modelle anderer Hersteller auch deren LangChain-Paket."
    ),
    Failure.MISCONFIGURED: (
        "Das Modell lässt sich so nicht ansprechen: Hersteller und Name des Modells prüfen"
        " (openai:NAME@ADRESSE oder HERSTELLER:NAME), und ob der Schlüssel des Herstellers gesetzt ist."
    ),
    Failure.UNREACHABLE: (
        "Unter der Adresse antwortet nichts: Läuft der Server, und stimmen Rechner, Port und Pfad hinter dem @"
        " (für Ollama etwa http://127.0.0.1:11434/v1)?"
    ),
    Failure.NO_ACCESS: (
        "Der Zugang ist verweigert: einen gültigen Schlüssel in OPENAI_API_KEY setzen (bei anderen Herstellern in deren"
        " Variable), der dieses Modell nutzen darf."
    ),
    Failure.REFUSED_FOR_NOW: (
        "Der Endpunkt weist zurzeit ab (429): Kontingent und Guthaben beim Anbieter prüfen,"
        " STRATEGIELOTSE_MODEL_AT_A_TIME senken, später noch einmal prüfen."
    ),
    Failure.SLOW: (
        "Nach {seconds:.0f} s war keine Antwort fertig: ein kleineres Modell oder eine schnellere Maschine nehmen."
    ),
    Failure.BROKEN: (
        "Die Antwort ist keine, wie eine OpenAI-kompatible Schnittstelle sie gibt, oder bricht ab: Name des Modells und"
        " Adresse prüfen (sie endet meist auf /v1), und was der Server dazu protokolliert."
    ),
    Failure.BUSY: (
        "So viele Anfragen wie erlaubt sind unterwegs: warten, oder STRATEGIELOTSE_MODEL_AT_A_TIME erhöhen, wenn der"
        " Server mehr zugleich kann."
    ),
    Failure.RESTING: (
        "Nach mehreren Fehlern wird das Modell für höchstens fünf Minuten nicht gefragt: warten, und den Fehler davor"
        " mit 'strategielotse model check' suchen."
    ),
    Failure.BUDGET: (
        "Was das Modell an einem Tag kosten darf, ist ausgegeben: bis morgen (UTC) warten oder"
        " STRATEGIELOTSE_MODEL_COST_PER_DAY erhöhen."
    ),
}
REACHED = "antwortet nach {seconds} s."
ANSWERED = "antwortet in der verlangten Form auf Deutsch aus den Einträgen, jeder Satz mit Kennung."
CALLS = "ruft Werkzeuge auf."
NO_CALLS = (
    "ruft keine Werkzeuge auf, wie sie verlangt waren: ein Modell nehmen, das Werkzeuge aufrufen kann, und den Server"
    " so starten (vLLM: --enable-auto-tool-choice --tool-call-parser PASSENDER, llama.cpp: --jinja)."
)
NO_FORM = (
    "Die Antwort hat nicht die verlangte Form: STRATEGIELOTSE_MODEL_TOKENS erhöhen, das Nachdenken des Modells"
    " abschalten, sonst ein größeres Modell nehmen."
)
NOT_GERMAN = "antwortet nicht auf Deutsch: ein Modell nehmen, das Deutsch kann."
WRONG = "findet in zwei Einträgen den Betrag nicht, der dort steht: ein größeres Modell nehmen."
NO_TOKENS = "schreibt Sätze ohne die Kennung ihres Eintrags, sie würden gestrichen: ein größeres Modell nehmen."
SAID_NOTHING = "sagt, wo die Einträge das Gefragte nicht sagen, dass es dort nicht steht."
MADE_UP = "sagt nicht, dass die Einträge das Gefragte nicht sagen: ein größeres Modell nehmen."
HELD = "findet einen Satz am Anfang von {characters} Zeichen."
CUT = (
    "findet einen Satz am Anfang von {characters} Zeichen nicht: am Server Platz für 32768 Tokens geben (Ollama:"
    " OLLAMA_CONTEXT_LENGTH=32768, llama.cpp: --ctx-size 32768 je Anfrage, vLLM: --max-model-len 32768), sonst ein"
    " größeres Modell nehmen."
)
SPEED = "Die langsamste Antwort war nach {seconds} s fertig, eine Frage braucht etwa drei"
IN_TIME = "; STRATEGIELOTSE_MODEL_SECONDS={limit:g} reicht."
TOO_SLOW = (
    "; STRATEGIELOTSE_MODEL_SECONDS={limit:g} reicht nicht: mindestens {least} setzen{request} oder ein kleineres"
    " Modell nehmen."
)
REQUEST_TOO = " (und STRATEGIELOTSE_REQUEST_SECONDS auf mehr als {least})"
USABLE = "Das Modell taugt für Antworten."
TO_SET = " Damit es genutzt wird, diesen Wert in STRATEGIELOTSE_ANSWER_MODEL setzen und den Dienst neu starten."
UNUSABLE = "So taugt das Modell nicht für Antworten; der Dienst antwortet weiter ohne Sprachmodell."


def failed(failure: Failure, seconds: float) -> str:
    """What to do about a failure; `seconds` is how long was waited."""
    return _FAILURES[failure].format(seconds=seconds)


def number(value: float) -> str:
    """A number of seconds as German writes it, with one decimal."""
    return f"{value:.1f}".replace(".", ",")
