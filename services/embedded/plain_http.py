"""Asking what listens on this machine, without TLS."""

import ssl

import httpx

CONNECTIONS_MAX = 20


def plain_http(timeout_s: float) -> httpx.Client:
    """A client that trusts no certificate: the library would read all that there are each time
    one is made, which takes longer than a question.
    """
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX)
    trusts_none = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.Client(timeout=timeout_s, limits=limits, verify=trusts_none)
