"""The API keeps its own OpenAPI description, whatever is sent (schemathesis)."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings

from service.app import create_app
from service.settings import Settings
from tests.service.county import motion, report
from vectorstore.editions import EditionStore


@pytest.fixture(scope="module")
def real_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    root = tmp_path_factory.mktemp("schema-data")
    EditionStore(root).publish([report(), motion()])
    return create_app(Settings(data_dir=root, rate_per_minute=0))


@pytest.fixture(scope="module")
def api_schema(real_app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", real_app)


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation(case: Any) -> None:
    case.call_and_validate()
