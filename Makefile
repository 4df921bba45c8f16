# Relais. `make run` serves it, `make test` proves it; both set everything up first. `make help` tells the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run train test check bench lock clean format law-data mutants audit

PYTHON3 ?= python3
# uv already on this machine, else our own copy in .uv (pinned and hashed in requirements/uv.txt)
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PUBLIC := .venv/.ready
RASA := .venv-rasa/.ready

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(PUBLIC) $(RASA) ## Both Python environments, from locked and hashed requirements

run: setup ## Set up, train if the data changed, and serve; Ctrl-C ends it
	@.venv/bin/relais serve

train: setup ## Train the model if the data changed
	@.venv/bin/relais train

test: setup ## Set up and pass every test, with a real Rasa (and Chromium where it is installed)
	@.venv/bin/relais train
	@if ! command -v chromium >/dev/null; then \
	  export RELAIS_NO_BROWSER="no chromium here: install Debian's package to run the browser tests"; \
	  echo "$$RELAIS_NO_BROWSER" >&2; \
	fi; \
	.venv/bin/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadgroup

check: setup ## Lint, types, YAML, Rasa's data, requirement drift: seconds, no test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/yamllint --strict config.yml domain.yml endpoints.yml credentials.yml data
	.venv/bin/python -m tests.check_requirements
	.venv-rasa/bin/python -m bot.dialogue.validate
	@.venv/bin/relais sources check || true # a report: a new text of law is somebody else's release, not a fault of ours

format: setup ## Format the code
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: setup ## Measure speed and memory against a stock Rasa of the same bot, in one run
	@.venv/bin/relais train
	@.venv/bin/python -m tests.bench

law-data: ## Fetch the official text of the Codes for « relais sources check » (npm, 160 MB in var/law)
	npm install --prefix var/law --no-audit --no-fund --ignore-scripts --no-save @socialgouv/legi-data

audit: setup ## Known vulnerabilities of both environments, against our written judgements (needs PyPI)
	@$(UV) venv --quiet --allow-existing --python '>=3.11' var/audit
	@$(UV) pip sync --quiet --python var/audit --require-hashes requirements/audit.txt
	@.venv/bin/relais audit --tool var/audit/bin/pip-audit

mutants: setup ## Change the rules at random and see whether the tests notice (bounded: 120 changes)
	.venv/bin/python tests/orientation/mutants.py 120

lock: $(UV) ## Resolve requirements/*.in again into locked, hashed files
	$(UV) pip compile --quiet --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements/rasa.in -o requirements/rasa.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/relais.in -o requirements/relais.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/audit.in -o requirements/audit.txt

clean: ## Remove environments and everything made at run time, the data of conversations included
	rm -rf .venv .venv-rasa .uv var

.uv/bin/uv: requirements/uv.txt
	@echo "Installing uv in .uv"
	@$(PYTHON3) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/uv.txt
	@touch $@

$(PUBLIC): requirements/dev.txt | $(UV)
	@echo "Setting up the public environment (.venv)"
	@$(UV) venv --quiet --clear --python '>=3.11' .venv || { echo "Python 3.11 or newer is needed and uv could neither find nor fetch it." >&2; exit 1; }
	@$(UV) pip sync --quiet --python .venv --require-hashes --compile-bytecode requirements/dev.txt
	@printf '#!%s\nimport sys\nsys.path.insert(0, "%s")\nfrom bot.commands import main\nsys.exit(main())\n' "$(CURDIR)/.venv/bin/python" "$(CURDIR)" > .venv/bin/relais
	@chmod +x .venv/bin/relais
	@touch $@

$(RASA): requirements/rasa.txt | $(UV)
	@echo "Setting up Rasa's environment (.venv-rasa, about 2 GB)"
	@$(UV) venv --quiet --clear --python 3.10 .venv-rasa || { echo "Rasa 3.6 needs Python 3.10, which uv could neither find nor fetch. Install it (pyenv install 3.10, or your system's python3.10 with venv) and run make again." >&2; exit 1; }
	@$(UV) pip sync --quiet --python .venv-rasa --require-hashes --compile-bytecode requirements/rasa.txt
	@touch $@
