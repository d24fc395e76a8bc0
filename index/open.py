"""Opens the engine that the settings name."""

from collections.abc import Callable

from index.embedded.engine import EmbeddedEngine
from index.engine import Engine
from store.settings import Settings


def open_engine(settings: Settings, expected: Callable[[], bool] = lambda: False) -> Engine:
    """The engine of a home; nothing is written before the first record.

    Without an index, searches find nothing; if there ought to be one, as `expected` is then asked, they raise
    Unreachable(`index_missing`): somebody has deleted it.

    An index of another identity opens too: `health()` then says so, searches raise Unreachable(`index_outdated`)
    and a rebuild mends it. A cluster that does not answer opens as well; what is asked of it raises Unreachable.
    Raises BadCall (`setting_invalid`, `engine_certificate`) for settings of which no engine can be made.
    """
    if settings.engine == "elasticsearch":
        from index.elastic.engine import ElasticEngine

        return ElasticEngine(settings.elastic, settings.query.candidates, expected)
    return EmbeddedEngine(settings.home / "index", settings.query.candidates, expected)
