# `make run` and `make test` need nothing but this folder and Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
LOCK := uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal
# Tests in a browser often wait, so there is work for more of them than there are processors.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test check format lock messages system-tools

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: .venv/installed  ## Start the site with sample data at http://127.0.0.1:8000 (PORT=… for another port)
	@exec $(BIN)/flask --app wsgi start

test: .venv/installed-dev system-tools  ## Run all tests, on SQLite and PostgreSQL and in a browser
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: .venv/installed-dev  ## What a change must pass: format, lint, types, security, migrations, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml examapp question_bank migrations
	@$(MAKE) --no-print-directory test

format: .venv/installed-dev  ## Put the code into the common format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock:  ## Renew requirements*.txt from requirements*.in (needs uv)
	@$(LOCK) --upgrade --output-file requirements.txt requirements.in
	@$(LOCK) --upgrade --output-file requirements-dev.txt requirements-dev.in

messages: .venv/installed  ## Collect the sentences to translate into the catalogues under examapp/translations
	@$(BIN)/python -m babel.messages.frontend -q extract -F pyproject.toml -k lazy_gettext -k _l -k RuleViolation \
		--no-location --sort-output --project examapp -o examapp/translations/messages.pot .
	@$(BIN)/pybabel -q update -i examapp/translations/messages.pot -d examapp/translations --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date

.venv/bin/python:
	@command -v $(PYTHON) > /dev/null || \
		{ echo "Python 3.11 or newer is needed, and there is no $(PYTHON). Install it, then run make again." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
		{ echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what the site needs (once) …"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need (once) …"
	@$(PIP_INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@

# The browser and the database server of the tests. As root on Debian and Ubuntu they are installed, else named.
system-tools:
	@$(BIN)/python -m tests.system_tools
