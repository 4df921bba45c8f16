"""Lines that wait on a pipe, in a file or at a terminal, several at a time: together they cost less than one by one."""

import os
from collections.abc import Iterator

CHUNK = 1 << 16
"""Bytes read at once: what a pipe holds."""


def waiting(source: int, most: int) -> Iterator[list[str]]:
    """Groups of at the most `most` lines of a file descriptor, as soon as one line is there; until its end."""
    rest = b""
    while chunk := os.read(source, CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for start in range(0, len(lines), most):
            yield [_text(line) for line in lines[start : start + most]]
    if rest:
        yield [_text(rest)]


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").rstrip("\r")
