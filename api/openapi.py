"""The OpenAPI description in both languages: texts from the message registry are put on the generated schema.

An operation's text has the code `doc_call_<operation id>`, a parameter's or a field's `doc_<name>`, or
`doc_<Shape>_<name>` where the same name means something else in one shape; a test holds that every one has its text,
so the description cannot fall behind.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.search.shapes import ErrorShape
from store.messages import catalogue, text

METHODS = ("get", "post")


def both(code: str) -> str:
    return f"{text(code, 'zh')}\n\n{text(code, 'en')}"


def operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every (name, schema) of a parameter or a property; `Shape_name` where that has a text of its own."""
    for operation in operations(schema):
        for parameter in operation.get("parameters", ()):
            yield parameter["name"], parameter
    known = catalogue()
    for shape, described in schema["components"]["schemas"].items():
        for name, field in described.get("properties", {}).items():
            yield f"{shape}_{name}" if f"doc_{shape}_{name}" in known else name, field


STATUSES = (400, 404, 413, 422, 429, 500, 503)
ERRORS: dict[int | str, dict[str, Any]] = {status: {"model": ErrorShape} for status in STATUSES}
"""Answers that every call can give beside its own; all of one shape."""


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` answer with the described schema; it is made once, when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        schema = get_openapi(title=text("api_title"), version=app.version, summary=text("api_title", "en"),
                             description=both("api_description"), routes=app.routes)
        known = catalogue()
        for operation in operations(schema):
            call = operation["operationId"]
            operation["summary"] = f"{text(f'doc_call_{call}', 'zh')} · {text(f'doc_call_{call}', 'en')}"
            for status, answer in operation["responses"].items():
                answer["description"] = both(f"doc_status_{status}")
        for name, field in fields(schema):
            if f"doc_{name}" in known:
                field["description"] = both(f"doc_{name}")
        app.openapi_schema = schema
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
