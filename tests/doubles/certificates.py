"""Certificates of ours for servers on loopback; "good.pem" is for 127.0.0.1 and localhost."""

from __future__ import annotations

import ssl
from pathlib import Path

TLS = Path(__file__).parents[1] / "alerts" / "tls"


def trusting(certificate: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=TLS / certificate)


def serving_tls(certificate: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / certificate)
    return context
