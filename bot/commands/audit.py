"""`relais audit`: known vulnerabilities of what we lock, against our written judgements (`make audit` prepares it)."""

import argparse
import sys
from pathlib import Path

from bot.runtime.audit import LOCKED, AuditError, Finding, Findings, Verdict, judge, load, look_up

_OFFLINE = """\
audit : aucun paquet n'a pu être contrôlé, sur {packages} : le service de vulnérabilités de PyPI n'a répondu pour aucun.
Ce résultat ne dit rien des failles, ni en bien ni en mal. Recommencez d'une machine qui joint https://pypi.org
(un miroir de paquets ne suffit pas : il ne sert pas les vulnérabilités). Nos {judged} jugements écrits restent lisibles
dans data/security/vulnerabilities.yml ; les tests vérifient que chacun vise un paquet encore verrouillé."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("audit", help="contrôle les failles connues des dépendances (make audit)")
    parser.add_argument("files", nargs="*", type=Path, help="fichiers verrouillés ; par défaut les deux")
    parser.add_argument("--tool", type=Path, default=Path("var/audit/bin/pip-audit"), help="pip-audit")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0: all looked up and judged; 1: something is not judged; 2: the audit could not be made."""
    found = Findings()
    try:
        book = load()
        for path in options.files or LOCKED:
            one = look_up(options.tool, path)
            found.vulnerabilities += one.vulnerabilities
            found.audited += one.audited
            found.skipped |= one.skipped
    except AuditError as problem:
        print(f"audit : {problem}", file=sys.stderr)
        return 2
    if not found.audited:
        print(_OFFLINE.format(packages=len(found.skipped), judged=len(book.judgements)), file=sys.stderr)
        return 2
    verdict = judge(found, book)
    _report(found, verdict, whole=not options.files)
    return 0 if verdict.good else 1


def _report(found: Findings, verdict: Verdict, *, whole: bool) -> None:
    print(f"Paquets contrôlés : {found.audited} ; failles connues : {len(found.vulnerabilities)}")
    for finding, judgement in verdict.judged:
        print(f"  jugée      {_line(finding)} : {judgement.verdict}, le {judgement.judged_on}")
    for finding in verdict.unjudged:
        print(f"  À JUGER    {_line(finding)} : corrigée en {', '.join(finding.fixed_in) or '—'}")
    if verdict.unknown:
        print(f"  NON CONTRÔLÉS ({len(verdict.unknown)}) : {', '.join(sorted(verdict.unknown))}")
    if whole and found.audited and not verdict.unknown:
        for judgement in verdict.over:
            print(f"  à retirer  {judgement.id} {judgement.package} : n'est plus signalée")


def _line(finding: Finding) -> str:
    return f"{min(finding.names)} {finding.package} {finding.version}"
