"""Status without HTTP: `status` and `readiness`."""

from api.services import Services
from api.status.shapes import Readiness, StatusAnswer


def status(services: Services) -> StatusAnswer:
    """What the node holds and how far its index has come. Raises Unreachable when database or engine does not answer."""
    raise NotImplementedError


def readiness(services: Services) -> Readiness:
    """Whether searches can be answered now: the store answers and the engine has an index."""
    raise NotImplementedError
