"""Sealing a record's personal part: AES-256-GCM, each record with a key of its own.

Keys stand in tables of their own (`sealed_tables`). To destroy a key is to destroy what it opens,
also in every copy from which the keys were left out (`copies`).
"""

from __future__ import annotations

from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


def new_key() -> bytes:
    return token_bytes(KEY_BYTES)


def sealed(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """A nonce and the ciphertext; `bound_to` is authenticated with it, so that no box can stand in
    another's place."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def opened(key: bytes, box: bytes, bound_to: bytes) -> bytes:
    """Raises InvalidTag where the box, the key or what it is bound to was changed."""
    return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound_to)
