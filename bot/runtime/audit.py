"""Judges what pip-audit finds: a known vulnerability of a locked package is judged in writing, or the audit fails.

pip-audit runs in an environment of its own (`make audit`) and asks PyPI about the locked files. It ends well when PyPI
knows nothing of a package: here a package that could not be looked up is a failure too, unless its reason is written.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

JUDGEMENTS = ROOT / "data" / "security" / "vulnerabilities.yml"
LOCKED = (ROOT / "requirements" / "rasa.txt", ROOT / "requirements" / "relais.txt")
_PATIENCE = 900
"""Seconds for one file: PyPI is asked about some two hundred packages, one after the other."""


class AuditError(RuntimeError):
    """The audit could not be made; the message says why."""


@dataclass(frozen=True)
class Judgement:
    """Why a known vulnerability of a package that we lock does not reach us."""

    id: str
    aliases: tuple[str, ...]
    """Its other names: databases give it each their own."""
    package: str
    affected: str
    """Affected versions, as the advisory says them."""
    verdict: str
    """`unreachable` or `accepted`."""
    why: str
    source: str
    """Where the advisory was read."""
    judged_on: date

    @property
    def names(self) -> frozenset[str]:
        """Every name of the vulnerability."""
        return frozenset((self.id, *self.aliases))


@dataclass(frozen=True)
class Book:
    """What is judged, and the packages that no database knows, with the reason."""

    judgements: tuple[Judgement, ...]
    not_audited: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """A vulnerability that pip-audit reports."""

    package: str
    version: str
    names: frozenset[str]
    fixed_in: tuple[str, ...]


@dataclass
class Findings:
    """What pip-audit says of one file or of several."""

    vulnerabilities: list[Finding] = field(default_factory=list)
    audited: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    """Packages that it could not look up, with its reason."""


@dataclass(frozen=True)
class Verdict:
    """Findings, sorted by our judgements."""

    judged: list[tuple[Finding, Judgement]]
    unjudged: list[Finding]
    unknown: dict[str, str]
    """Packages that were not looked up, though nothing says why they could not be."""
    over: list[Judgement]
    """Judgements of what is not found any more."""

    @property
    def good(self) -> bool:
        """Everything was looked up, and all that was found is judged."""
        return not self.unjudged and not self.unknown


def load(path: Path = JUDGEMENTS) -> Book:
    """Our judgements. Raises AuditError for an entry that is not whole."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        judgements = tuple(
            Judgement(**{**entry, "aliases": tuple(entry.get("aliases", ()))})
            for entry in content["judgements"]
        )
        return Book(judgements, {each["package"]: each["why"] for each in content["not_audited"]})
    except (KeyError, TypeError) as problem:
        raise AuditError(f"{path.name} : {problem}") from problem


def look_up(tool: Path, requirements: Path) -> Findings:
    """Ask pip-audit about a locked file. Raises AuditError when it cannot answer."""
    command = [str(tool), "--requirement", str(requirements), "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--vulnerability-service", "pypi", "--progress-spinner", "off"]
    try:
        done = subprocess.run(  # noqa: S603 (our own tool, on our own files)
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        return read(json.loads(done.stdout))
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise AuditError(f"{tool} : {problem}") from problem
    except (ValueError, KeyError, TypeError) as problem:
        said = done.stderr.strip().splitlines()[-1:] or ["aucune réponse lisible"]
        raise AuditError(f"{requirements.name} : {said[0]}") from problem


def read(answer: Mapping[str, Any]) -> Findings:
    """The findings in pip-audit's JSON."""
    found = Findings()
    for each in answer["dependencies"]:
        if "skip_reason" in each:
            found.skipped[each["name"]] = each["skip_reason"]
            continue
        found.audited += 1
        for vulnerability in each["vulns"]:
            names = frozenset((vulnerability["id"], *vulnerability["aliases"]))
            fixed = tuple(vulnerability["fix_versions"])
            found.vulnerabilities.append(Finding(each["name"], each["version"], names, fixed))
    return found


def judge(found: Findings, book: Book) -> Verdict:
    """Each vulnerability with our judgement of it for that package, and what has none."""
    judged, unjudged = [], []
    for finding in found.vulnerabilities:
        known = [
            each for each in book.judgements if each.package == finding.package and each.names & finding.names
        ]
        if known:
            judged.append((finding, known[0]))
        else:
            unjudged.append(finding)
    used = [judgement for _, judgement in judged]
    unknown = {name: why for name, why in found.skipped.items() if name not in book.not_audited}
    return Verdict(judged, unjudged, unknown, [each for each in book.judgements if each not in used])
