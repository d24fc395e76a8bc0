"""An error as data: the one shape that API, pages and commands give it."""

from api.search.diagnostics import diagnostic_shape
from api.search.shapes import ErrorShape
from store.errors import BadQuery, ZhuantiError


def error_shape(error: ZhuantiError) -> ErrorShape:
    shape: ErrorShape = {"code": error.code, "message": error.message("zh"), "message_en": error.message("en"),
                         "detail": error.detail}
    if isinstance(error, BadQuery):
        if error.position is not None:
            shape["position"] = list(error.position)
        if error.diagnostics:
            shape["diagnostics"] = [diagnostic_shape(one) for one in error.diagnostics]
    return shape
