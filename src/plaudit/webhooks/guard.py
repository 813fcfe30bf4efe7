"""Which addresses may be told anything: a wall against reaching the operator's own network.

Refuses every address that is not public, unless the settings name its network. Names are resolved
once, every answer is checked, and the connection goes to the address that was checked.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from msgspec import Struct

from plaudit.config import Settings

LONGEST_URL = 2048

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_HTTPS, _HTTP = 443, 80
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")
_UNSAFE = re.compile(r"[^!-~]|[\\\"<>^`{|}]")

_CLOSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a provider's translation (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
"""The only public part of IPv6: mapped, NAT64, local, link-local, multicast and SRv6 lie outside it."""


class Policy(Struct, frozen=True):
    """What an operator allows beyond https on port 443 to public addresses."""

    networks: tuple[Network, ...] = ()
    http: bool = False
    ports: tuple[int, ...] = ()

    @property
    def open_ports(self) -> frozenset[int]:
        """The ports that may be reached."""
        return frozenset((_HTTPS, *self.ports, *((_HTTP,) if self.http else ())))


class Blocked(Exception):
    """An address that may not be reached; the text says why, in words to put behind a field's name."""


class Target(Struct, frozen=True):
    """A URL taken apart: nothing reads its text again, so no two readers can differ."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """Give the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (_HTTPS if self.secure else _HTTP) else f"{host}:{self.port}"


def policy_of(settings: Settings) -> Policy:
    """Read what an operator allows."""
    networks = tuple(ip_network(each) for each in settings.webhook_private_networks)
    return Policy(networks, settings.webhook_http, settings.webhook_ports)


def target_of(url: str, policy: Policy) -> Target:
    """Take a URL apart.

    Raises:
        Blocked: it is none that may be called, whatever its name resolves to.
    """
    if len(url) > LONGEST_URL:
        raise Blocked(f"must be at most {LONGEST_URL} characters long")
    if _UNSAFE.search(url):
        raise Blocked("must be plain ASCII without spaces; write international names in their xn-- form")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Blocked("must be a valid URL") from None
    if parts.scheme != "https" and not (policy.http and parts.scheme == "http"):
        raise Blocked("must begin with https://")
    if "@" in parts.netloc:
        raise Blocked("must not hold a user name or password")
    if "#" in url:
        raise Blocked("must not hold a fragment (#)")
    secure = parts.scheme == "https"
    port = port if port is not None else (_HTTPS if secure else _HTTP)
    if port not in policy.open_ports:
        raise Blocked(f"must use one of the ports {', '.join(map(str, sorted(policy.open_ports)))}")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, _host(host, bracketed="[" in parts.netloc), port, path)


def _host(host: str, *, bracketed: bool) -> str:
    if bracketed:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise Blocked("must hold a valid IPv6 address between its brackets") from None
    if not _HOST.fullmatch(host) or ".." in host:
        raise Blocked("must hold a valid host name")
    return host


def is_address(host: str) -> bool:
    """Tell whether a host is written as an address, not as a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def check_addresses(found: Sequence[str], policy: Policy) -> list[str]:
    """Give the addresses a name resolved to, if every one of them may be reached.

    Raises:
        Blocked: there is none, or one of them is not public and in no network the settings name.
    """
    if not found:
        raise Blocked("resolves to no address")
    for text in found:
        if not is_open(ip_address(text), policy):
            raise Blocked(
                f"resolves to {text}, which is not a public address. "
                "Name its network in the setting webhook_private_networks if that is meant"
            )
    return list(found)


def is_open(address: Address, policy: Policy) -> bool:
    """Tell whether an address may be reached: it is public, or in a network the settings name."""
    if any(address in network for network in policy.networks if network.version == address.version):
        return True
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _PUBLIC_V6):
        return False
    return not any(address in network for network in _CLOSED if network.version == address.version)
