"""The one door to the cluster: every request goes through `Cluster.ask`, every failure leaves it as an error of ours.

The client itself goes on to another node when one does not answer. What a cluster needs a moment for (a shard whose
node died, too many requests) is asked again with growing pauses, for a while that the caller states.
"""

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

from elastic_transport import ConnectionError as NotConnected
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError, OrjsonSerializer

from store.errors import BadCall, Unreachable
from store.settings import ElasticSettings

READ_PATIENCE = 20.0
"""Seconds that a search waits for shards whose node has just died; a cluster needs some to promote a copy."""

_CONNECT_PATIENCE = 1.5
"""Seconds that a search tries nodes of which none answers at all."""

_REQUEST_SECONDS = 60
_BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
BUSY = frozenset({429, 502, 503, 504})
"""Statuses that say: not now."""

_NO_ACCESS = (401, 403)

Answer = TypeVar("Answer")


class Cluster:
    """A client of the cluster that the settings name; safe for threads, opens no connection before it is asked."""

    def __init__(self, settings: ElasticSettings) -> None:
        """Raises BadCall (`setting_invalid`, `engine_certificate`) for settings that no client can be made of."""
        self.settings = settings
        given: dict[str, Any] = {}
        if settings.ca:
            if not Path(settings.ca).is_file():
                raise BadCall("engine_certificate", path=settings.ca)
            given["ca_certs"] = settings.ca
        if settings.api_key:
            given["api_key"] = settings.api_key
        elif settings.user:
            given["basic_auth"] = (settings.user, settings.password)
        try:
            self._client = Elasticsearch(
                list(map(_with_port, settings.urls)), request_timeout=_REQUEST_SECONDS, max_retries=len(settings.urls),
                retry_on_timeout=False, serializer=OrjsonSerializer(), **given)
        except (ValueError, TypeError, TlsError) as error:
            raise BadCall("setting_invalid", str(error), name="ZHUANTI_ELASTICSEARCH_URL",
                          value=",".join(settings.urls)) from error

    def ask(
        self,
        request: Callable[[Elasticsearch], Answer],
        *,
        patience: float = READ_PATIENCE,
        missing: Answer | None = None,
        wait: bool = False,
        fine: Collection[int] = (),
    ) -> Answer:
        """The answer to a request, asked again while the cluster says "not now" and patience lasts.

        `missing` is the answer when there is no such index or document (else NotFoundError passes); an ApiError of
        a status in `fine` passes to the caller too. `wait`: be as patient while no node answers. Raises Unreachable:
        `engine_unreachable`, `engine_denied`, `engine_overloaded`, `index_failed`.
        """
        began = time.monotonic()
        for turn in range(1 << 30):
            pause = _BACK_OFF[min(turn, len(_BACK_OFF) - 1)]
            left = patience - (time.monotonic() - began) - pause
            try:
                return request(self._client)
            except NotFoundError as error:
                if missing is not None:
                    return missing
                if "index" in str(error.error) or 404 in fine:
                    raise
                raise self._failed(error, patience) from error
            except ApiError as error:
                if error.status_code in fine:
                    raise
                if error.status_code not in BUSY or left < 0:
                    raise self._failed(error, patience) from error
            except (NotConnected, ConnectionTimeout) as error:
                if left < (0 if wait else patience - min(_CONNECT_PATIENCE, patience)):
                    raise self.unreachable(error) from error
            except TransportError as error:
                raise self.unreachable(error) from error
            time.sleep(pause)
        raise AssertionError("patience never ends")

    def unreachable(self, cause: object) -> Unreachable:
        addresses = ", ".join(map(_without_secret, self.settings.urls))
        return Unreachable("engine_unreachable", _short(cause), urls=addresses)

    def _failed(self, error: ApiError, patience: float) -> Unreachable:
        if error.status_code in _NO_ACCESS:
            return Unreachable("engine_denied", _short(error), prefix=self.settings.prefix)
        if error.status_code in BUSY:
            return Unreachable("engine_overloaded", _short(error), seconds=round(patience))
        return Unreachable("index_failed", reason(error))

    def close(self) -> None:
        self._client.close()


def reason(error: ApiError) -> str:
    """What the cluster says went wrong, its deepest cause first."""
    body = error.body if isinstance(error.body, dict) else {}
    found: Any = body.get("error", body)
    causes = found.get("root_cause") or [found] if isinstance(found, dict) else [found]
    cause = causes[0]
    said = f"{cause.get('type')}: {cause.get('reason')}" if isinstance(cause, dict) else str(cause)
    return f"{error.status_code} {said}"[:500]


def _short(cause: object) -> str:
    return reason(cause) if isinstance(cause, ApiError) else str(cause)[:300]


def _with_port(url: str) -> str:
    """The client wants a port; that of Elasticsearch is 9200, behind a proxy with TLS it is usually written."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    bare = host.rpartition("@")[2]
    has_port = bare.rpartition(":")[2].isdecimal() and (not bare.startswith("[") or "]:" in bare)
    return url if has_port else f"{scheme}://{host}:9200{slash}{path}"


def _without_secret(url: str) -> str:
    """An address without the user and password that may stand in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
