"""JSON answers made with orjson from plain dictionaries, sent as they are: nothing is validated twice."""

from typing import Any

import orjson
from starlette.responses import Response


class Json(Response):
    """A JSON response; the route declares the shape of `content` as its response model, for the description only."""

    media_type = "application/json"

    def __init__(self, content: Any, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS), status_code, headers)
