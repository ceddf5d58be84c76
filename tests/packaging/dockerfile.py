"""As much of a Dockerfile as its checks need: stages and their instructions, continued lines
joined.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field


@dataclass
class Stage:
    """One build stage: its base image and its instructions in order, as (name, arguments)."""

    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def arguments(self, name: str) -> list[str]:
        """Return the arguments of every instruction of that name."""
        return [arguments for instruction, arguments in self.instructions if instruction == name]


def parse_dockerfile(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile, first to last."""
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    stages: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, arguments = line.split(maxsplit=1)
        if name == "FROM":
            stages.append(Stage(arguments.split()[0]))
        else:
            stages[-1].instructions.append((name, arguments))
    return stages


def exec_form(arguments: str) -> list[str]:
    """Return the words of the JSON array that ends an instruction, such as an ENTRYPOINT's."""
    words: list[str] = json.loads(arguments[arguments.index("[") :])
    return words
