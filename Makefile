# The book's commands. `make help` lists them.
# Every command first makes the environment in .venv from requirements.txt, which needs only Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
SITE := _build/html
NOTEBOOKS := index.ipynb $(wildcard chapters/*/*.ipynb)
SOURCES := $(NOTEBOOKS) $(wildcard chapters/*/*.md) _config.yml _toc.yml references.bib \
           $(wildcard _ext/*) $(wildcard xent_lib/*.py xent_lib/*/*)
NBVAL := $(PY) -m pytest -o addopts= --nbval --nbval-current-env --nbval-cell-timeout 120

.PHONY: help book serve test notebooks lint bench lock clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | awk -F'\t' '{printf "make %-10s %s\n", $$1, $$2}'

book: $(SITE)/.built ## build the site in _build/html
	@echo "The book is in $(SITE)/index.html"

serve: book ## show the site at http://127.0.0.1:8000
	$(PY) -m http.server --bind 127.0.0.1 --directory $(SITE) 8000

test: lint book ## run every check: library, notebooks, prose, built pages in a browser
	$(PY) -m tests.site.browser
	$(PY) -m pytest tests xent_lib --ignore tests/site --cov --cov-report=term-missing:skip-covered
	$(NBVAL) -n 2 --dist loadfile $(NOTEBOOKS)
	$(PY) -m pytest tests/site -n 2

notebooks: $(VENV)/ready ## run all notebooks and save their outputs
	$(BIN)/ruff format --quiet $(NOTEBOOKS)
	$(PY) tools/run_notebooks.py $(NOTEBOOKS)

lint: $(VENV)/ready ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/ready ## measure xent_lib beside SciPy, in one run
	$(PY) -m pytest -o addopts= benchmarks -q --benchmark-quiet

lock: $(VENV)/ready ## pin all requirements anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra book --universal --python-version 3.11 \
	  --no-annotate --no-header --upgrade --output-file requirements.txt

clean: ## remove everything the commands made, the environment too
	rm -rf $(VENV) _build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .benchmarks .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This book needs Python 3.11 or newer; $$($(PYTHON) --version) is here. Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv || echo "uv is not to be had; pip takes a few minutes longer."
	if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(PY) -r requirements.txt; else $(BIN)/pip install --quiet -r requirements.txt; fi
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

_build/vendor/katex/katex.min.css: | $(VENV)/ready
	$(PY) _ext/katex_assets.py _build/vendor

$(SITE)/.built: $(SOURCES) $(VENV)/ready | _build/vendor/katex/katex.min.css
	$(BIN)/jupyter-book build . --all -W -n --keep-going
	touch $@
