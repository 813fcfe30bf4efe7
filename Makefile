# Bare words. Each makes what it needs first; what is made already costs nothing.
#   make run     serve the demo on http://127.0.0.1:8000
#   make test    the whole suite, the tidy tests and type checks included
#   make check   lint, format, types and layers only
#   make bench   measure speed, and print the figures
#   make proof   the long proofs: crashes, power cuts, documents (N=1000 for more, EXAMPLES=... of each call)
#   make dashboard   build the web app into the package (make run and make test do, where Node is there)
#   make lock    pin the newest allowed dependencies, with their hashes
#   make clean   forget everything that was made, except data

PYTHON ?= python3 python3.13 python3.12 python3.11 python3.14
VENV := .venv
BIN := $(VENV)/bin
SERVER := $(VENV)/.server-installed
TOOLS := $(VENV)/.tools-installed
N ?= 200
EXAMPLES ?= 200
JOBS ?= 2

# The lock is whole, so pip resolves nothing (--no-deps) and takes nothing without its hash.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

# The web app is built where npm is; a wheel carries it, so whoever installs one needs no Node.
BUILT := src/plaudit/web/dashboard/index.html
MODULES := dashboard/node_modules/.package-lock.json
APP := $(if $(and $(shell command -v npm),$(wildcard dashboard/package-lock.json)),$(BUILT))
APP_SOURCES := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -path '*/.*' 2>/dev/null)

.PHONY: run test check bench proof dashboard lock clean
.DEFAULT_GOAL := test

run: $(SERVER) $(APP)
	$(BIN)/plaudit serve --demo

test: $(TOOLS) $(APP)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

check: $(TOOLS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(TOOLS)
	$(BIN)/python -m benchmarks

proof: $(TOOLS)
	PROOF_KILLS=$(N) PROOF_CUTS=$$((10 * $(N))) PROOF_EXAMPLES=$(EXAMPLES) \
		$(BIN)/python -m pytest tests/proof tests/web/test_schemathesis.py

dashboard: $(BUILT)

$(BUILT): $(MODULES) $(APP_SOURCES)
	cd dashboard && npm run build
	@touch $@

$(MODULES): dashboard/package-lock.json
	cd dashboard && npm ci --no-audit --no-fund
	@touch $@

lock: $(TOOLS)
	$(PIP_INSTALL) 'uv>=0.9,<1'
	$(BIN)/uv pip compile pyproject.toml --group build --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) src/plaudit/web/dashboard dashboard/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A name on the path may be a shim that does not run, so each is asked for its version.
$(BIN)/python:
	@for python in $(PYTHON); do \
		if $$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$($$python --version)"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo 'No Python 3.11 or newer with venv was found among: $(PYTHON).' >&2; \
	echo 'Install one (on Debian and Ubuntu: python3 and python3-venv), or name yours: make PYTHON=/path/to/python' >&2; \
	exit 1

$(SERVER): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

$(TOOLS): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@ $(SERVER)
