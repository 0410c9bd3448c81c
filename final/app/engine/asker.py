"""Whom a request is counted by."""

import ipaddress
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from flask import g, request

from app.engine import auth


def requester() -> str:
    """Return what a request is counted by: the person whom its token names, else the address."""
    if "requester" not in g:
        payload = auth.access_payload()
        g.requester = f"PERSON {payload['sub']}" if payload else address()
    return g.requester


def kind() -> str:
    """Return PERSON or ADDRESS, which begins the names of the settings that bound whoever asks."""
    return requester().partition(" ")[0]


def address(given: object = None) -> str:
    """Return the address that a request came from; of IPv6 the network, which is one customer's."""
    try:
        ip = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "ADDRESS unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return f"ADDRESS {ipaddress.ip_network((ip, 64), strict=False) if ip.version == 6 else ip}"


def account(given: dict[str, Any]) -> str:
    """Return the account that a mutation is about, named by the client or by a token."""
    name = given.get("username") or given.get("email")
    if name:  # of any length and any letters; in Redis, nobody's address
        return (
            f"ACCOUNT {blake2b(name.strip().lower().encode('utf-8', 'replace')).hexdigest()[:32]}"
        )
    payload = auth.refresh_payload(given["refresh_token"]) if "refresh_token" in given else None
    return f"ACCOUNT {payload['sub']}" if payload else requester()


# What begins the name of a setting, and whom it bounds.
KEYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "ADDRESS": address,
    "ACCOUNT": account,
    "PERSON": lambda given: requester(),
}
