"""The OpenAPI document keeps its word: whatever is sent, no server error, and every answer is as declared."""

from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from review.app import make_app
from review.guard import Access
from schema.accounts import Role
from store.api_tokens import TokenBook
from store.archive import Archive
from store.database import Database

pytestmark = [pytest.mark.full, pytest.mark.filterwarnings("ignore")]  # the tool's own, not ours
NOW = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def api_schema(database: Database) -> Any:
    """The document as a program gets it, with a token that may everything."""
    _, secret = TokenBook(database).make("schemathesis", Role.ADMIN, "local")
    app = make_app(database, access=Access(), now=lambda: NOW)
    bearer = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=bearer)
    schema.config.update(headers=bearer)
    return schema


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_every_operation_answers_as_declared(
    api_schema: Any, database: Database, mode: schemathesis.GenerationMode
) -> None:
    """Good requests and bad ones to each operation, each once as made and once about what there is."""
    edition = Archive(database).edition("hubei", 2026)
    assert edition is not None
    known = {"key": "abc123", "province": "hubei", "year": 2026, "sha256": edition.page_sha256}
    operations = [found.ok() for found in api_schema.get_all_operations()]
    assert len(operations) >= 23
    for operation in operations:
        _ask(operation, mode, known)


def _ask(operation: Any, mode: schemathesis.GenerationMode, known: dict[str, Any]) -> None:
    # which decision needs a reason, a kind or a counterpart is told in words, not in the schema
    beyond = [schemathesis.checks.positive_data_acceptance] if operation.method == "post" else []

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=beyond)
        case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        case.call_and_validate(excluded_checks=beyond)

    try:
        ask()
    except Unsatisfiable:
        assert mode is schemathesis.GenerationMode.NEGATIVE  # nothing of the operation can be wrong
