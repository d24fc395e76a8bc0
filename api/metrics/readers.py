"""Who may read the metrics and the technical reasons of `/readyz`.

With a token (ZHUANTI_METRICS_TOKEN) whoever shows it. Without one only a request from a private or loopback address
that no proxy has handed on: behind a proxy on the same machine the whole world comes from 127.0.0.1.
"""

import hmac
from ipaddress import IPv6Address, ip_address

from fastapi import Request

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def may_read(request: Request, token: str) -> bool:
    """Whether the request may see what concerns operators only."""
    if token:
        shown = request.headers.get("authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_private
