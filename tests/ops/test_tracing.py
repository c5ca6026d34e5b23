"""Optional traces, received by a real OTLP/HTTP receiver that decodes them with the package's own classes."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra otel is not installed")

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.startswith("opentelemetry.sdk"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
"""


class Collector:
    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.requests.append(ExportTraceServiceRequest.FromString(body))
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200 if self.path == "/v1/traces" else 404)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def spans(self) -> list:
        scopes = [scope for one in self.requests for found in one.resource_spans for scope in found.scope_spans]
        return [span for scope in scopes for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def _fact(span, name: str) -> str:
    return next(one.value.string_value for one in span.attributes if one.key == f"chengnuo.{name}")


def test_one_trace_from_the_check_to_the_delivery(once: Run, collector: Collector) -> None:
    """Every delivery's span leads over the comparison and the reading to the visit, within one trace."""
    told = once(CHENGNUO_OTEL_ENDPOINT=collector.url)
    assert told.returncode == 0, told.stderr
    spans = {(span.trace_id, span.span_id): span for span in collector.spans()}
    delivered = [span for span in spans.values() if span.name == "delivered"]
    assert delivered
    for span in delivered:
        chain = [span]
        while chain[-1].parent_span_id:
            chain.append(spans[span.trace_id, chain[-1].parent_span_id])
        assert [one.name for one in chain] == ["delivered", "compared", "read", "check"]
        assert all(one.start_time_unix_nano <= one.end_time_unix_nano for one in chain)
        assert span.trace_id.hex().startswith(_fact(span, "trail"))
    services = {
        one.value.string_value
        for request in collector.requests
        for found in request.resource_spans
        for one in found.resource.attributes
        if one.key == "service.name"
    }
    assert services == {"chengnuo"}


def test_a_collector_that_is_away_stops_nothing(once: Run, tmp_path: Path) -> None:
    """The letters are written, the exit code is 0, and the log says who could not be reached."""
    told = once(CHENGNUO_OTEL_ENDPOINT="http://127.0.0.1:1")
    assert told.returncode == 0, told.stderr
    assert list((tmp_path / "d" / "mailbox").glob("*.eml"))
    assert "opentelemetry.exporter" in told.stderr


def test_without_the_extra_one_line_names_the_way_out(run: Run, tmp_path: Path) -> None:
    """Set, but not installed: exit code 2, the setting and the command that installs it; unset: not missed."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
    path = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    told = run("compare", data=tmp_path / "d", CHENGNUO_OTEL_ENDPOINT="http://127.0.0.1:4318", **path)
    assert told.returncode == 2
    (line,) = told.stderr.splitlines()
    assert "CHENGNUO_OTEL_ENDPOINT" in line
    assert "pip install 'chengnuo[otel]'" in line
    assert run("compare", data=tmp_path / "d", **path).returncode == 0


def test_a_wrong_address_is_named(run: Run, tmp_path: Path) -> None:
    """Not a web address: the setting and what it must begin with."""
    told = run("compare", data=tmp_path, CHENGNUO_OTEL_ENDPOINT="localhost:4318")
    assert told.returncode == 2
    assert "CHENGNUO_OTEL_ENDPOINT: 'localhost:4318' does not begin with http://" in told.stderr
