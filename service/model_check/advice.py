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
ANSWERED = "antwortet auf Deutsch aus den Einträgen, jeder Satz mit Kennung."
EMPTY = "Die Antwort ist leer: das Nachdenken des Modells abschalten, oder STRATEGIELOTSE_MODEL_TOKENS erhöhen."
NOT_GERMAN = "antwortet nicht auf Deutsch: ein Modell nehmen, das Deutsch kann."
WRONG = "findet in zwei Einträgen den Betrag nicht, der dort steht: ein größeres Modell nehmen."
NO_TOKENS = (
    "schreibt Sätze ohne die Kennung ihres Eintrags, sie würden gestrichen: ein größeres Modell nehmen, eines für"
    " Anweisungen (Instruct), und das Nachdenken abschalten."
)
SAID_NOTHING = "sagt KEINE ANTWORT, wo die Einträge das Gefragte nicht sagen."
MADE_UP = "antwortet, obwohl die Einträge das Gefragte nicht sagen: ein größeres Modell nehmen."
HELD = "findet einen Satz am Anfang von {characters} Zeichen."
CUT = (
    "findet einen Satz am Anfang von {characters} Zeichen nicht: am Server Platz für 16384 Tokens geben (Ollama:"
    " OLLAMA_CONTEXT_LENGTH=16384, llama.cpp: --ctx-size 16384 je Anfrage, vLLM: --max-model-len 16384), sonst ein"
    " größeres Modell nehmen."
)
STREAMS = "die Antwort kommt Stück für Stück."
AT_ONCE = (
    "die Antwort kommt auf einmal; für Antworten nicht nötig. Ein Proxy davor darf nicht puffern (nginx:"
    " proxy_buffering off)."
)
SPEED = "erstes Stück nach {first} s, fertig nach {whole} s, {rate:.0f} Zeichen je Sekunde"
IN_TIME = "; STRATEGIELOTSE_MODEL_SECONDS={limit:g} reicht."
TOO_SLOW = (
    "; STRATEGIELOTSE_MODEL_SECONDS={limit:g} reicht nicht: mindestens {least} setzen{request} oder ein kleineres"
    " Modell nehmen."
)
REQUEST_TOO = " (und STRATEGIELOTSE_REQUEST_SECONDS auf mehr als {both:g})"
NOT_MEASURED = "nicht zu messen, weil keine Antwort fertig wurde."
STRUCTURED = "gibt ein JSON-Objekt aus ({how})."
UNSTRUCTURED = "gibt kein JSON-Objekt aus, wie es verlangt war; für Antworten nicht nötig."
USABLE = "Das Modell taugt für Antworten."
TO_SET = " Damit es genutzt wird, diesen Wert in STRATEGIELOTSE_ANSWER_MODEL setzen und den Dienst neu starten."
UNUSABLE = "So taugt das Modell nicht für Antworten; der Dienst antwortet weiter ohne Sprachmodell."


def failed(failure: Failure, seconds: float) -> str:
    """What to do about a failure; `seconds` is how long was waited."""
    return _FAILURES[failure].format(seconds=seconds)


def number(value: float) -> str:
    """A number of seconds as German writes it, with one decimal."""
    return f"{value:.1f}".replace(".", ",")
