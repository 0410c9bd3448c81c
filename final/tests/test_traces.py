"""Traces: what a collector of OpenTelemetry's receives, where an endpoint is set."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SEARCH = 'query Search { user(username: "xanadu") { id } }'


@pytest.fixture
def collector():
    """A collector, and all that it was sent."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.bodies = bodies
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def spans(app, collector, another):
    """Return a function that sends a request to a traced application; it returns the spans."""

    def send(method, **request):
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        traced = another(otel_exporter_otlp_endpoint=endpoint)
        getattr(traced.test_client(), method)("/graphql", **request)
        traced.extensions["traces"].shutdown()
        sent = [ExportTraceServiceRequest.FromString(body) for body in collector.bodies]
        return [
            span
            for one in sent
            for resource in one.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    return send


def test_a_trace_shows_a_request_and_its_statements(spans):
    """Under the name of its operation; each statement within it."""
    found = spans("post", json={"query": SEARCH})

    [request] = [span for span in found if span.name == "query user"]
    statements = [span for span in found if span.parent_span_id == request.span_id]
    assert any("SELECT" in str(span.attributes) for span in statements)
    assert {span.trace_id for span in found} == {request.trace_id}


def test_a_trace_holds_no_value_of_a_variable(spans):
    """Nor the address of a request by GET, which has them in it."""
    found = spans("get", query_string={"query": SEARCH, "variables": '{"a": "unspoken"}'})

    assert "query user" in [span.name for span in found]
    assert not {"unspoken", "xanadu"} & {
        word for word in ("unspoken", "xanadu") if word in str(found)
    }


def test_without_an_endpoint_nothing_is_loaded_for_traces():
    """A process that starts has no time for them."""
    from tests.test_start import imported

    assert not [name for name in imported("schema") if name.startswith("opentelemetry.sdk")]
