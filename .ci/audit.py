"""Asks whether the locked versions have known vulnerabilities, and says which of three it is.

usage: .ci/tools python .ci/audit.py REQUIREMENTS [options of pip-audit]

Nothing found (0), found (1), or not checked because no list can be reached (0): pip-audit alone
says "No known vulnerabilities found" also where the list knew none of the packages. Everything else
that goes wrong ends with 2.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

UNREACHABLE = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Max retries exceeded"
)
OPTIONS = (
    "--disable-pip",
    "--require-hashes",
    "--format",
    "json",
    "--progress-spinner",
    "off",
    "--desc",
    "off",
)


def main() -> int:
    """Run pip-audit and tell what came out."""
    requirements, *more = sys.argv[1:]
    command = [sys.executable, "-m", "pip_audit", *OPTIONS, "--requirement", requirements, *more]
    done = subprocess.run(command, capture_output=True, text=True)
    text, code = verdict(done.stdout, done.stderr)
    print(f"{requirements}: {text}", file=sys.stderr if code == 2 else sys.stdout)
    return code


def verdict(stdout: str, stderr: str) -> tuple[str, int]:
    """Return what pip-audit's JSON and complaints mean, with the exit code."""
    try:
        packages: list[dict[str, Any]] = json.loads(stdout)["dependencies"]
    except (ValueError, KeyError):
        return (
            ("nicht geprüft: keine Liste erreichbar", 0)
            if UNREACHABLE.search(stderr)
            else (stderr.strip(), 2)
        )
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    checked = len(packages) - len(unknown)
    if not checked:
        return "nicht geprüft: keine Liste erreichbar, die diese Pakete kennt", 0
    left = (
        f"; nicht geprüft, weil die Liste sie nicht kennt: {', '.join(unknown)}" if unknown else ""
    )
    found = [line for one in packages for line in _lines(one)]
    if found:
        return "\n  ".join([f"gefunden ({checked} Pakete geprüft{left})", *found]), 1
    return f"geprüft, nichts gefunden ({checked} Pakete{left})", 0


def _lines(package: dict[str, Any]) -> list[str]:
    """Return a line for each vulnerability of a package."""
    name = f"{package['name']} {package.get('version')}"
    return [
        f"{name}: {one['id']}, behoben in {', '.join(one['fix_versions']) or 'keiner Version'}"
        for one in package.get("vulns", ())
    ]


if __name__ == "__main__":
    sys.exit(main())
