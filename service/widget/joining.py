"""ES modules joined to one: each becomes a function that returns its exports, called in the order of the imports.

It knows the forms that our own modules use and nothing more: named imports, and exports of functions, classes and
constants where they are declared. Tests run the joined modules in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

_IMPORT = re.compile(r'(?m)^import \{([^}]*)\} from "([^"]+)";\n')
_EXPORT = re.compile(r"(?m)^export (?=(?:async )?(?:function\*?|class|const) (\w+))")
_EXPORTED_AGAIN = re.compile(r"(?m)^export \{[^}]*\};\n")
_UNKNOWN = re.compile(r"(?m)^(?:import|export)\b.*")


class JoiningError(ValueError):
    """A module has a form that cannot be joined, or modules import each other in a circle."""


def joined(sources: Mapping[str, str], entry: str) -> str:
    """Return all modules that `entry` needs as one module; raises `JoiningError`."""
    order = list(dict.fromkeys(_needed(sources, entry, ())))
    names = {name: f"m{place}" for place, name in enumerate(order)}
    parts = [_wrapped(sources[name], name, names) for name in order[:-1]]
    again = "".join(_EXPORTED_AGAIN.findall(sources[entry]))
    return "".join(parts) + _body(sources[entry], entry, names) + again


def _needed(sources: Mapping[str, str], name: str, above: tuple[str, ...]) -> Iterator[str]:
    """Yield a module's imports, deepest first, then the module."""
    if name in above:
        raise JoiningError(f"circle: {' → '.join((*above, name))}")
    for _, path in _IMPORT.findall(sources[name]):
        yield from _needed(sources, _resolved(name, path), (*above, name))
    yield name


def _resolved(name: str, path: str) -> str:
    return normpath(join(dirname(name), path))


def _wrapped(source: str, name: str, names: Mapping[str, str]) -> str:
    exports = ", ".join(_EXPORT.findall(source))
    return f"const {names[name]} = (() => {{\n{_body(source, name, names)}return {{ {exports} }};\n}})();\n"


def _body(source: str, name: str, names: Mapping[str, str]) -> str:
    """Return the source with its imports as constants and its exports as plain declarations."""

    def constants(match: re.Match[str]) -> str:
        return f"const {{{match[1].replace(' as ', ': ')}}} = {names[_resolved(name, match[2])]};\n"

    text = _EXPORTED_AGAIN.sub("", _EXPORT.sub("", _IMPORT.sub(constants, source)))
    unknown = _UNKNOWN.search(text)
    if unknown:
        raise JoiningError(f"{name}: {unknown.group()}")
    return text
