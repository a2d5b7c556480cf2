# The two commands a newcomer needs are `make brief` and `make test`. Everything happens inside .venv and out/.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BRIEF  := india-russia-2025

.PHONY: brief serve test test-fast test-long laws-random check bench lock docs clean help
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

brief: $(VENV)/.run ## check what was said, compute what policies do, leave out/brief.html
	@mkdir -p out
	$(BIN)/entrepot brief $(BRIEF) --out out/brief.html

serve: $(VENV)/.run ## the desk: the web page and the API, on this machine only
	$(BIN)/entrepot serve

PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

test: $(VENV)/.dev ## the test suite
	$(PYTEST) -m "not long"

test-long: $(VENV)/.dev ## the suite with what repeats it for further models and closures
	$(PYTEST)

test-fast: $(VENV)/.dev ## the tests that are not marked slow: while one works
	$(PYTEST) -m "not slow and not long"

laws-random: $(VENV)/.dev ## the laws on economies that nobody has drawn yet
	ENTREPOT_EXAMPLES=nightly $(PYTEST) -m hypothesis tests/laws

check: $(VENV)/.dev ## format, lint, types, import direction
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev ## time the solver; compile time apart from run time
	$(BIN)/python -m pytest benchmarks --benchmark-columns=min,median,rounds --benchmark-sort=name -s

docs: $(VENV)/.dev ## write docs/cli.md and the schemas from the code
	$(BIN)/python scripts/write_reference.py

lock: ## resolve pyproject.toml anew into the two locks (needs uv)
	uv pip compile pyproject.toml --all-extras --group build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --all-extras --group build --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove the environment and what was made
	rm -rf $(VENV) out .mypy_cache .ruff_cache .hypothesis .benchmarks .compiled

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "entrepot needs Python 3.11 or newer; found $$($(PYTHON) --version 2>&1). Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
