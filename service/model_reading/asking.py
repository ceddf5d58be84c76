"""What a model is asked about papers, once each: replies are kept as they come, and a run that ends goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from prompts import digest
from service.language_models.access import ModelAccess
from service.language_models.errors import Failure, ModelUnavailable
from service.language_models.patience import PAUSES, asked_patiently
from service.question_writing.batches import Tokens
from service.question_writing.cache import WrittenCache

Progress = Callable[[str, float], None]
_TOKEN = 3.5  # characters of German that one token holds


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its prompts by name, as they are filled, and about how many characters the reply has."""

    prompts: tuple[str, ...]
    instruction: str
    asked: str
    reply: int

    def origin(self, model: str) -> str:
        """Who is asked what: equal for the same model, prompts and material."""
        return f"{model} {digest(*self.prompts)} sha256:{sha256(self.asked.encode()).hexdigest()[:16]}"


def estimate(requests: Sequence[Request]) -> Tokens:
    """About how many tokens these requests take."""
    total = Tokens()
    for one in requests:
        total = total.plus(int(len(one.instruction + one.asked) / _TOKEN), int(one.reply / _TOKEN))
    return total


@dataclass(slots=True)
class Asking:
    """Asks one model, replies kept in a cache; `tokens` is what was taken, `failure` why it ended early."""

    access: ModelAccess
    cache: WrittenCache
    pauses: Sequence[float] = PAUSES
    tokens: Tokens = field(default_factory=Tokens)
    failure: Failure | None = None

    def missing(self, requests: Sequence[Request]) -> list[Request]:
        """Those that the model has not replied to yet."""
        return [one for one in requests if self.reply(one) is None]

    def reply(self, request: Request) -> str | None:
        """What the model replied, None where it was not asked or failed."""
        return next(iter(self.cache.get(request.origin(self.access.name))), None)

    def ask(self, requests: Sequence[Request], progress: Progress = lambda step, share: None) -> None:
        """Ask what is missing until a request fails; raises OSError where replies cannot be kept."""
        missing = self.missing(requests)
        for number, one in enumerate(missing):
            if self.failure is not None:
                return
            progress(f"Modell fragen: {number + 1} von {len(missing)}", number / len(missing))
            try:
                reply = asked_patiently(self.access, one.instruction, one.asked, self.pauses)
            except ModelUnavailable as error:
                self.failure = error.failure
                return
            self.cache.add(one.origin(self.access.name), (reply.text,))
            self.tokens = self.tokens.plus(reply.read, reply.written)
