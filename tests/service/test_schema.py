"""The API keeps its own OpenAPI description, whatever is sent (schemathesis), and says there what
it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from service import ANSWER_ID
from service.app.application import create_app
from service.web import Outbox
from service.web.http import Quota
from service.web.http.problems import PROBLEM_TEXTS
from service.web.mail import MAX_ATTACHMENT
from tests.ingest.cases import cases
from tests.service.mail_server import GOOD, PDF, Inbox, mail_server, settings_of
from tests.service.printed_papers import publish_printed
from vectorstore import EditionStore

TOO_LARGE = PDF.ljust(MAX_ATTACHMENT + 1, b"x")


@pytest.fixture(scope="module")
def real_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    store = EditionStore(publish_printed(tmp_path_factory.mktemp("schema-data")))
    with mail_server(Inbox()) as port:
        settings = settings_of(store, port, rate_per_minute=0)
        app = create_app(settings)
        app.state.outbox = Outbox(
            settings, Quota(app.state.database, b"key", "none", (), (0, 60.0))
        )
        yield app


@pytest.fixture(scope="module")
def api_schema(real_app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", real_app)


DOCUMENT = "documents/{document_id}"
READ = [
    "search", "lookup", "items", "projects", "goals", "items/{document_id}/{key}", "progress", "progress/items",
    "editions/diff", "documents", f"{DOCUMENT}/text", f"{DOCUMENT}/report", f"{DOCUMENT}/original",
    f"{DOCUMENT}/pages/{{n}}.png", "facets", "config",
]  # fmt: skip
SENT = ["chat", "feedback", "contact"]
OPERATIONS = [
    *(("GET", path) for path in ("/healthz", "/readyz", *(f"/api/v1/{name}" for name in READ))),
    *(("POST", f"/api/v1/{name}") for name in SENT),
]
EXAMPLES = pytest.mark.parametrize("examples", [8, pytest.param(30, marks=pytest.mark.long)])
KNOWN = {
    "document": ["auenland-report"], "theme": ["2"], "goal": ["2.1"], "unit": ["66.01 Straßenbau"],
    "municipality": ["Auental"],
}  # fmt: skip
CAN_BE_WRONG = [
    "chat",
    "search",
    "lookup",
    "items",
    "projects",
    "goals",
    "documents",
    "facets",
    "feedback",
]


def sent(case: Any, app: FastAPI) -> None:
    """Send a request as it was made up, but for what no schema can say, and compare the answer with
    the description.
    """
    if isinstance(case.body, dict):
        case.body.pop("attachment", None)  # random bytes are no PDF
        if isinstance(case.body.get("documents"), list):
            case.body["documents"] = ["auenland-report"]  # which documents there are
        if re.fullmatch(ANSWER_ID, str(case.body.get("answer_id"))):
            case.body["answer_id"] = app.state.answer_ids.issue()  # which answers were given
    for name in KNOWN.keys() & (case.query or {}).keys():
        case.query[name] = KNOWN[
            name
        ]  # which values there are: others are refused and told the known ones
    case.call_and_validate()


@EXAMPLES
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation(
    real_app: FastAPI, api_schema: Any, method: str, path: str, examples: int
) -> None:
    @given(case=api_schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def check(case: Any) -> None:
        sent(case, real_app)

    check()


@EXAMPLES
@pytest.mark.parametrize("name", CAN_BE_WRONG)
def test_what_the_description_forbids_is_refused(api_schema: Any, name: str, examples: int) -> None:
    path = f"/api/v1/{name}"
    method = "POST" if name in SENT else "GET"

    @given(case=api_schema[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def check(case: Any) -> None:
        response = case.call()
        if (
            response.status_code != 413
        ):  # what is too large is refused before anybody looks at its form
            case.validate_response(response)

    check()


def test_a_blank_parameter_is_described_as_it_is_taken(real_app: FastAPI) -> None:
    """A form sends its empty fields too; white space is written out: `\\s` of JSON Schema is not
    Python's.
    """
    parameters = real_app.openapi()["paths"]["/api/v1/items"]["get"]["parameters"]
    blank = next(item["schema"]["anyOf"][-1] for item in parameters if item["name"] == "page_size")
    assert "\\s" not in blank["pattern"]
    assert all(
        bool(re.search(blank["pattern"], letter)) == (not letter.strip())
        for letter in map(chr, range(0x10000))
    )


def test_no_operation_is_left_out(real_app: FastAPI) -> None:
    described = real_app.openapi()["paths"]
    assert sorted(OPERATIONS) == sorted(
        (method.upper(), path) for path, methods in described.items() for method in methods
    )


def test_every_problem_is_named_where_it_can_happen(real_app: FastAPI) -> None:
    """Those of pages, of files and of plain HTTP are no part of the API."""
    named = set(re.findall(r"\(`([a-z-]+)`\)", str(real_app.openapi()["paths"])))
    elsewhere = {"staff-sign-in-failed", "staff-only", "staff-role", "staff-no-role", "staff-name",
                 "staff-account", "staff-provider-away", "staff-link-spent", "foreign-form",
                 "no-draft", "no-such-documents", "upload-too-large",
                 "uploads-busy", "reading-sample", "method-not-allowed", "not-acceptable"}  # fmt: skip
    assert named == PROBLEM_TEXTS.keys() - elsewhere


@cases("method", "path", "sent", "status")
def test_statuses_and_formats_are_described(
    real_app: FastAPI, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    check_described(real_app, method, path, status, **sent)


def test_that_something_is_too_large_is_described(real_app: FastAPI) -> None:
    attached = {"attachment": ("a.pdf", TOO_LARGE)}
    check_described(real_app, "POST", "/api/v1/contact", 413, data=GOOD, files=attached)
    check_described(real_app, "POST", "/api/v1/chat", 413, content=b"x" * 70_000)
    check_described(real_app, "GET", "/api/v1/projects", 413, content=b"x" * 70_000)


def check_described(app: FastAPI, method: str, path: str, status: int, **sent: Any) -> None:
    """Send a request; its status and the format of its answer are described."""
    with TestClient(app, client=("127.0.0.1", 1)) as client:
        response = client.request(method, path, **sent)
    assert response.status_code == status
    described = operation(app, method, path.partition("?")[0])["responses"][str(status)]
    kinds = described.get("content", {"": None})
    assert response.headers.get("content-type", "").partition(";")[0] in kinds


def operation(app: FastAPI, method: str, path: str) -> dict[str, Any]:
    """Return the description of what answers at a path."""
    for template, methods in app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise AssertionError(path)
