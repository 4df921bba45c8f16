"""Whose request it is, for rate limits only. An address is never stored nor logged."""

import ipaddress

from aiohttp import web

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def client_key(request: web.Request, trusted: tuple[Network, ...]) -> str:
    """The address that the nearest proxy we trust has seen; for IPv6 its /64, which is one subscriber."""
    address = _parse(request.remote or "")
    if trusted and address is not None:
        hops = request.headers.get("X-Forwarded-For", "")[:1000].split(",")
        while hops and any(address in network for network in trusted):
            hop = _parse(hops.pop().strip())
            if hop is None:
                break
            address = hop
    if address is None:
        return "local"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def from_loopback(request: web.Request) -> bool:
    """Whether the request comes from this machine itself, and not through a proxy on it."""
    address = _parse(request.remote or "")
    forwarded = any(name in request.headers for name in FORWARDED)
    return not forwarded and address is not None and address.is_loopback


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
