"""What the timestamps in a bundle are worth (RFC 3161): each must be on the digest of its seal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import NamedTuple

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from monitor.evidence.seal import Seal

GRANTED = (0, 1)
_NAME = re.compile(r"data/stamps/(\d{6,})\.tsr")


class NotSigned(Exception):
    """The service that is set up has not signed it."""


class Found(NamedTuple):
    """A sentence on a timestamp, and whether it is a fault of the bundle."""

    words: str
    is_fault: bool


def check_signer(reply: TimeStampResponse, message: bytes, roots: bytes) -> None:
    """Raises NotSigned unless a certificate under these roots (PEM) signed it."""
    builder = VerifierBuilder()
    for certificate in load_pem_x509_certificates(roots):
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(reply, message)
    except VerificationError:
        raise NotSigned from None


def look(files: Mapping[str, bytes], seals: Mapping[int, Seal], roots: bytes) -> Iterator[Found]:
    """What is to be said of every timestamp; without roots, who signed it is not checked."""
    for name, body in sorted(files.items()):
        if found := _NAME.fullmatch(name):
            yield _look(int(found[1]), body, seals, roots)


def _look(number: int, body: bytes, seals: Mapping[int, Seal], roots: bytes) -> Found:
    seal = seals.get(number)
    if seal is None:
        return Found(f"The timestamp on seal {number} is on no seal of this bundle.", True)
    try:
        reply = decode_timestamp_response(body)
    except ValueError:
        how = "HOW-TO-VERIFY.txt says how openssl does it"
        return Found(f"The timestamp on seal {number} cannot be read here: {how}.", False)
    message = seal.digest.encode()
    is_on_it = reply.tst_info.message_imprint.message == hashlib.sha256(message).digest()
    if reply.status not in GRANTED or not is_on_it:
        return Found(f"The timestamp on seal {number} is not on what the seal says.", True)
    at = f"{reply.tst_info.gen_time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if not roots:
        doubt = "who signed it was not checked, for which --certificates is needed"
        return Found(f"The timestamp on seal {number} says {at}; {doubt}.", False)
    try:
        check_signer(reply, message, roots)
    except NotSigned:
        return Found(f"The timestamp on seal {number} is not signed under these roots.", True)
    return Found(
        f"Seal {number} and all before it were there at {at}, as its service signed.", False
    )
