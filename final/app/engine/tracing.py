"""OpenTelemetry's traces, where an endpoint is set; its libraries are loaded for that alone."""

import time

from flask import Flask, current_app


def init_app(app: Flask) -> None:
    """Send a trace of each request, and of each statement in it, to the endpoint."""
    endpoint = app.config["OTEL_EXPORTER_OTLP_ENDPOINT"]
    app.extensions["traces"] = None
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.flask import FlaskInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "zoo"}))
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    app.extensions["traces"] = provider
    FlaskInstrumentor().instrument_app(
        app, tracer_provider=provider, excluded_urls="livez,readyz,metrics"
    )


def name(operation: str, outcome: str) -> None:
    """Name the trace of the running request: else all at /graphql would have one name."""
    if current_app.extensions["traces"]:
        from opentelemetry import trace

        span = trace.get_current_span()
        span.update_name(operation)
        span.set_attribute("graphql.outcome", outcome)


def statement(text: str, seconds: float) -> None:
    """Add a statement that has just ended; OpenTelemetry's own way knows no SQLAlchemy 2.1."""
    if provider := current_app.extensions["traces"]:
        now = time.time_ns()
        began = now - int(seconds * 1e9)
        span = provider.get_tracer(__name__).start_span(text.split()[0], start_time=began)
        span.set_attributes({"db.system.name": "postgresql", "db.query.text": text})
        span.end(now)
