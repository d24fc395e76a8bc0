"""A readable page of the API, made from its OpenAPI description: no script from elsewhere is needed to read it."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from web.context import Asking, takes

router = APIRouter(include_in_schema=False)


@router.get("/api", dependencies=[Depends(takes())])
def api(page: Asking, request: Request) -> Response:
    schema = request.app.openapi()
    calls = [call(path, method, operation, schema, page.lang)
             for path, methods in schema["paths"].items() for method, operation in methods.items()]
    return page.html("api.html", nav="help", calls=calls)


def spoken(texts: str, separator: str, lang: str) -> str:
    """The Chinese or English half of a text of the description, which holds both."""
    zh, _, en = texts.partition(separator)
    return (en or zh) if lang == "en" else zh


def call(path: str, method: str, operation: dict[str, Any], schema: dict[str, Any], lang: str) -> dict[str, Any]:
    parameters = [{"name": one["name"], "kind": kind(one["schema"]),
                   "description": spoken(one.get("description", ""), "\n\n", lang)}
                  for one in operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in body:
        shape = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]]
        parameters += [
            {"name": name, "kind": kind(one), "description": spoken(one.get("description", ""), "\n\n", lang)}
            for name, one in shape["properties"].items()]
    return {"method": method.upper(), "path": path, "summary": spoken(operation.get("summary", ""), " · ", lang),
            "parameters": parameters}


def kind(schema: dict[str, Any]) -> str:
    """The type of a value with its bounds, in the words of JSON Schema."""
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(kind(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{kind(schema.get('items', {}))}]"
    if "const" in schema:
        return str(schema["const"])
    named = str(schema.get("type", "object"))
    if "minimum" in schema or "maximum" in schema:
        low, high = (f"{schema[end]:g}" if end in schema else "" for end in ("minimum", "maximum"))
        return f"{named} {low}–{high}"
    return named
