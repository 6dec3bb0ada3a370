"""Keys and seals for what is kept of persons: the only file that knows a cipher.

A record is sealed with AES-256-GCM (NIST SP 800-38D) under a random nonce, bound to where it stands, so that none can
be moved, swapped or changed unseen. The key is random; each role holds it wrapped under a key of its own passphrase
(scrypt, RFC 7914: 128 MB of memory a guess). Names are found by a keyed digest, never by themselves. `cryptography` is
Apache-2.0 or BSD; `keyring` (MIT) is optional.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from assets.errors import InputRefused, MissingExtra, UsageError

KEY, NONCE, SALT = 32, 12, 16
SHORTEST = 10
_COST, _BLOCK, _LANES = 1 << 17, 8, 1
_SERVICE = "toile"


@dataclass(frozen=True, slots=True, repr=False)
class Slot:
    """A key as a passphrase wraps it."""

    salt: bytes
    cost: int
    wrapped: bytes


def new_key() -> bytes:
    return secrets.token_bytes(KEY)


def seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Nonce and sealed bytes; they open only with this key at this `place`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Raises InputRefused for what was changed, moved, or sealed with another key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)
    except (InvalidTag, ValueError) as error:
        raise InputRefused("a record of the vault was changed, or sealed with another key: restore a backup") from error


def wrap(key: bytes, passphrase: str, role: str) -> Slot:
    """The key under a passphrase. Raises UsageError for one that is too short."""
    if len(passphrase) < SHORTEST:
        raise UsageError(f"a passphrase needs at least {SHORTEST} letters: a few words do")
    salt = secrets.token_bytes(SALT)
    return Slot(salt, _COST, seal(_stretched(passphrase, salt, _COST), key, role.encode()))


def unwrap(slot: Slot, passphrase: str, role: str) -> bytes:
    """Raises InputRefused for the wrong passphrase."""
    if not _COST <= slot.cost <= 16 * _COST or slot.cost & (slot.cost - 1):
        raise InputRefused("the vault's key was changed: restore a backup")
    try:
        return unseal(_stretched(passphrase, slot.salt, slot.cost), slot.wrapped, role.encode())
    except InputRefused as error:
        raise InputRefused(f"this is not the passphrase of the {role}") from error


def pseudonym(key: bytes, name: str) -> bytes:
    """By what a person is found without being named [16 bytes]."""
    plain = " ".join(name.split()).casefold()
    return digest(key, b"person", plain.encode())[:16]


def digest(key: bytes, *parts: bytes) -> bytes:
    """A keyed digest of parts, each with its length [32 bytes]."""
    told = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        told.update(len(part).to_bytes(8, "big") + part)
    return told.digest()


def same(first: bytes, second: bytes) -> bool:
    return hmac.compare_digest(first, second)


def from_keyring(name: str, make: bool = False) -> str:
    """The passphrase that the system's keyring holds under a name; with `make` a new random one where there is none.
    Raises MissingExtra without `keyring`, InputRefused where it is locked or holds none."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise MissingExtra("the system's keyring needs `pip install keyring`; or give a passphrase") from error
    try:
        held = keyring.get_password(_SERVICE, name)
        if held is None and make:
            held = secrets.token_urlsafe(KEY)
            keyring.set_password(_SERVICE, name, held)
    except (KeyringError, RuntimeError) as error:
        raise InputRefused(f"the system's keyring cannot be used ({error}): give a passphrase") from error
    if held is None:
        raise InputRefused("the system's keyring holds no passphrase for this vault: give it")
    return held


def _stretched(passphrase: str, salt: bytes, cost: int) -> bytes:
    most = 2 * 128 * cost * _BLOCK
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=cost, r=_BLOCK, p=_LANES, maxmem=most, dklen=KEY)
