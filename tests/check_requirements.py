"""Requirement files: every name of an `.in` file is locked, every pin is hashed, no registry host is named."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "requirements"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[^\]]*\])?==", re.MULTILINE)


def normalised(name: str) -> str:
    """Name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def problems() -> list[str]:
    """One line for each thing that is wrong."""
    found = []
    for source in sorted(FOLDER.glob("*.in")):
        locked = source.with_suffix(".txt").read_text()
        pins = {normalised(match[1]) for match in PIN.finditer(locked)}
        wanted = [line.split("#")[0].strip() for line in source.read_text().splitlines()]
        for line in wanted:
            name = re.split(r"[\[<>=!~ ]", line)[0]
            if name and not line.startswith("-") and normalised(name) not in pins:
                found.append(f"{source.name}: {name} is not locked; run make lock")
        blocks = re.split(r"\n(?=[A-Za-z0-9])", locked)
        found += [
            f"{source.stem}.txt: no hash for {b.split()[0]}"
            for b in blocks
            if PIN.match(b) and "--hash=" not in b
        ]
        if re.search(r"https?://|--index-url|--find-links", locked):
            found.append(f"{source.stem}.txt names a host; run make lock")
    return found


if __name__ == "__main__":
    wrong = problems()
    print("\n".join(wrong) or "requirements: locked, hashed, no host")
    sys.exit(bool(wrong))
