# make run     install, then reproduce one published result: figure and verdict under results/
# make test    install with the test tools, then run the fast tests
# make check   the gates: ruff, pyright, import order
# make docs    build the documentation, warnings are errors
# make bench   run the benchmarks
# make clean   remove everything generated except results/
#
# make run EXPERIMENT=name     another experiment (`.venv/bin/tripartite list`)
# make run STRICT=1           end with an error when a claim or check fails
# make test PYTHON=python3.13  another interpreter, for a new .venv
# make test ARGS="-m slow"     further arguments for pytest

EXPERIMENT ?= covelo2018-perea2007-time-course
WORKERS ?= 2
ARGS ?=

SHELL := bash
BIN := .venv/bin
OUT := results/$(EXPERIMENT)
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3 python)

.DEFAULT_GOAL := help
.PHONY: help run test check docs bench clean

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

.venv/created:
	@for python in $(CANDIDATES); do \
	    if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "creating .venv with $$("$$python" --version)"; \
	        "$$python" -m venv .venv && touch $@ && exit 0; \
	        exit 1; \
	    fi; \
	done; \
	echo "tripartite needs Python 3.11 or newer with the venv module; tried: $(CANDIDATES)." >&2; \
	echo "Install one, or name it: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.11" >&2; \
	exit 1

.venv/installed: .venv/created pyproject.toml
	@echo "installing tripartite and what it needs into .venv: about a minute"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

.venv/installed-docs: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

run: .venv/installed
	@echo "running $(EXPERIMENT); the first run also compiles its models"
	@$(BIN)/tripartite run $(EXPERIMENT) --out $(OUT) $(if $(STRICT),--strict)

test: .venv/installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

docs: .venv/installed-docs
	$(BIN)/python -m sphinx -W --keep-going docs docs/_build

bench: .venv/installed-dev
	@for script in benchmarks/*.py; do \
	    [ -e "$$script" ] || { echo "no benchmarks/*.py" >&2; exit 1; }; \
	    case "$$script" in */_*) continue;; esac; \
	    echo "== $$script"; $(BIN)/python "$$script" || exit 1; \
	done

clean:
	rm -rf .venv build dist docs/_build docs/generated .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
