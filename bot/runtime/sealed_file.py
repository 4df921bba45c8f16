"""A file closed with a passphrase: scrypt, then AES-256-GCM by pieces, so that any size fits in memory.

The pieces are numbered and the last one is marked (the STREAM construction, Hoang et al. 2015): a file that was cut,
reordered or changed does not open.
"""

import os
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"relais-backup-1\n"
_SALT, _PREFIX, _PIECE, _TAG = 16, 7, 1 << 20, 16


class WrongPassphraseError(ValueError):
    """The passphrase is not the one of the file, or the file was damaged."""


def is_sealed(path: Path) -> bool:
    """Whether the file was made by `seal`."""
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def seal(plain: Path, sealed: Path, passphrase: str) -> None:
    """Write the closed form of a file."""
    salt, prefix = os.urandom(_SALT), os.urandom(_PREFIX)
    box = AESGCM(_key(passphrase, salt))
    with plain.open("rb") as source, sealed.open("wb") as target:
        target.write(MAGIC + salt + prefix)
        piece, number = source.read(_PIECE), 0
        while True:
            following = source.read(_PIECE)
            target.write(box.encrypt(_nonce(prefix, number, last=not following), piece, MAGIC))
            if not following:
                return
            piece, number = following, number + 1


def unseal(sealed: Path, plain: Path, passphrase: str) -> None:
    """Write the file again. Raises WrongPassphraseError; `plain` then holds nothing to be used."""
    with sealed.open("rb") as source, plain.open("wb") as target:
        source.read(len(MAGIC))
        salt, prefix = source.read(_SALT), source.read(_PREFIX)
        try:
            _open_pieces(AESGCM(_key(passphrase, salt)), prefix, source, target)
        except InvalidTag:
            raise WrongPassphraseError(sealed.name) from None


def _open_pieces(box: AESGCM, prefix: bytes, source: BinaryIO, target: BinaryIO) -> None:
    piece, number = source.read(_PIECE + _TAG), 0
    while True:
        following = source.read(_PIECE + _TAG)
        target.write(box.decrypt(_nonce(prefix, number, last=not following), piece, MAGIC))
        if not following:
            return
        piece, number = following, number + 1


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
