# Two commands do everything on a machine with git, make and python3: `make demo` and `make test`.
# `make help` lists the rest. The environment lies in .venv and is built from requirements/, once per change of them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports doctest test-postgres bench bench-ledger train lock wheel clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- the environment -------------------------------------------------------------------------------------------------
# Each stamp is as new as the lock file it was installed from; a second run finds it and does nothing.

$(VENV)/created:
	@command -v $(PYTHON) >/dev/null || { echo "onrecord needs Python 3.11 or newer, and there is no '$(PYTHON)' here; install one, or name yours: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "onrecord needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) -c 'import platform; print(platform.python_version())'); name a newer one: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "'$(PYTHON)' came without the module that makes environments; install it (on Debian and Ubuntu: apt install python3-venv) and run make again" >&2; exit 1; }
	@echo "making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/demo: requirements/demo.txt pyproject.toml | $(VENV)/created
	@echo "installing the locked versions of requirements/demo.txt (about a minute, once) ..."
	@$(PIP) install -qq --require-hashes --requirement requirements/demo.txt
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt pyproject.toml | $(VENV)/created
	@echo "installing the locked versions of requirements/dev.txt (about a minute, once) ..."
	@$(PIP) install -qq --require-hashes --requirement requirements/dev.txt
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# --- what users run --------------------------------------------------------------------------------------------------

demo: $(VENV)/demo ## read the example reports that come with onrecord, record them, and ask
	@$(BIN)/python demo.py

test: $(VENV)/dev ## run the tests
	@$(BIN)/python -m pytest

# --- what contributors run -------------------------------------------------------------------------------------------

check: lint types imports $(if $(SKIP_TESTS),,test) doctest ## everything CI runs: format, lint, types, import order, tests, docs examples

format: $(VENV)/dev ## put the code in the one format
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

lint: $(VENV)/dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(VENV)/dev
	@$(BIN)/mypy

imports: $(VENV)/dev
	@$(BIN)/lint-imports --no-cache

doctest: $(VENV)/dev
	@$(BIN)/python -m pytest README.md docs

test-postgres: $(VENV)/dev ## run the ledger's tests on a real PostgreSQL server, installed and started for them
	@$(BIN)/python -m tests.postgres $(BIN)/python -m pytest tests/store tests/test_record.py

bench: $(VENV)/dev ## measure quality, speed and memory (docs/benchmarks.md says what it needs)
	@$(BIN)/python -m benchmarks $(if $(WRITE),--write)

bench-ledger: $(VENV)/dev ## measure the ledger; CLAIMS=10000000 POSTGRESQL=URL WRITE=1 (docs/ledger-benchmarks.md)
	@$(BIN)/python -m benchmarks.ledger $(if $(CLAIMS),--claims $(CLAIMS)) $(if $(POSTGRESQL),--postgresql $(POSTGRESQL)) $(if $(WRITE),--write)

train: ## train the reader's model: a long run, described in training/README.md
	@echo "training needs its own environment and corpora; training/README.md gives each command with its wall time"

lock: | $(VENV)/created ## choose the newest versions again and write requirements/
	@$(PIP) install --quiet uv
	@$(BIN)/uv pip compile --quiet $(if $(KEEP),,--upgrade) --universal --generate-hashes --no-emit-index-url --no-header --group build --output-file requirements/demo.txt pyproject.toml
	@$(BIN)/uv pip compile --quiet $(if $(KEEP),,--upgrade) --universal --generate-hashes --no-emit-index-url --no-header --group dev --constraint requirements/demo.txt --output-file requirements/dev.txt pyproject.toml

wheel: $(VENV)/dev ## build the wheel into dist/
	@rm -rf dist
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove the environment and everything built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
