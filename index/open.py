"""Opens the engine that the settings name."""

from index.embedded.engine import EmbeddedEngine
from index.engine import Engine
from store.errors import BadCall
from store.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine of a home; nothing is written before the first record.

    An index of another identity opens too: `health()` then says so, searches raise Unreachable(`index_outdated`)
    and a rebuild mends it. Raises BadCall(`setting_invalid`) for an engine that this program does not have.
    """
    if settings.engine != "embedded":
        raise BadCall("setting_invalid", name="ZHUANTI_ENGINE", value=settings.engine)
    return EmbeddedEngine(settings.home / "index", settings.query.candidates)
