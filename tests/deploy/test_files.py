"""The deployment files: valid for the tools that read them, and Rasa reachable by nobody else."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from bot.version import VERSION

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
TOOLS = Path(sys.executable).parent


def documents() -> list[dict[str, Any]]:
    return [
        each for path in MANIFESTS for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each
    ]


def workloads() -> list[dict[str, Any]]:
    return [each for each in documents() if each["kind"] in ("Deployment", "StatefulSet")]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_hadolint_ne_trouve_rien_dans_les_images():
    done = run(TOOLS / "hadolint", "--failure-threshold", "warning", "deploy/Containerfile")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "path", [p for p in MANIFESTS if p.name != "kustomization.yaml"], ids=lambda p: p.name
)
def test_chaque_manifeste_est_valide_pour_kubernetes(path: Path):
    done = run(TOOLS / "kubernetes-validate", "--strict", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_kustomize_ne_nomme_que_des_fichiers_presents_et_tous():
    names = set(yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"])
    assert names == {path.name for path in MANIFESTS} - {"kustomization.yaml"}


@pytest.mark.parametrize("workload", workloads(), ids=lambda each: str(each["metadata"]["name"]))
def test_personne_n_est_root_et_rien_ne_s_ecrit_dans_l_image(workload: dict[str, Any]):
    pod = workload["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        assert {"readinessProbe", "livenessProbe"} <= set(container)


def test_rasa_n_est_joignable_que_par_le_cote_public():
    policies = {
        each["metadata"]["name"]: each["spec"] for each in documents() if each["kind"] == "NetworkPolicy"
    }
    assert policies["closed"]["podSelector"] == {}
    assert policies["closed"].get("ingress") is None
    (rule,) = policies["rasa"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"app": "relais"}}}]
    services = [each for each in documents() if each["kind"] == "Service"]
    assert all(each["spec"].get("type", "ClusterIP") == "ClusterIP" for each in services)


def test_compose_ne_publie_que_le_mandataire():
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    for name in ("public", "rasa-1", "rasa-2", "redis"):
        assert compose["services"][name]["read_only"] is True, name
    for name in ("rasa-1", "rasa-2", "postgresql", "redis"):
        assert compose["services"][name]["networks"] == ["inside"], name
    assert compose["networks"]["inside"]["internal"] is True
    assert compose["services"]["redis"]["command"][1:5] == ["--save", "", "--appendonly", "no"]


def test_les_images_portent_la_version_du_logiciel():
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    images = [compose["services"][name]["image"] for name in ("public", "rasa-1")]
    assert images == [f"relais-public:{VERSION}", f"relais-rasa:{VERSION}"]
    tags = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["images"]
    assert {each["newTag"] for each in tags} == {VERSION}


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not on this machine (Debian's systemd)",
)
def test_systemd_comprend_le_service():
    done = run("systemd-analyze", "verify", "--man=no", "deploy/systemd/relais.service")
    # Relais is not installed in /opt on this machine: that is all it may regret.
    said = [line for line in done.stderr.splitlines() if line.startswith("relais.service:")]
    assert [line for line in said if "/opt/relais/.venv/bin/relais is not executable" not in line] == []
