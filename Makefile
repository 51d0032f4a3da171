# The book's commands. `make help` lists them.
# Every command first makes the environment in .venv from requirements.txt, which needs only Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
SITE := _build/html
# One chapter runs PyTorch, TensorFlow, Keras and JAX. They take 3 GB, which no reader of the other
# chapters should need, so `make test-frameworks` runs this one in an environment of its own. All
# that reads notebooks without running them, the tests of the site too, holds it like the others.
FRAMEWORKS := .venv-frameworks
FRAMEWORKS_PY := $(FRAMEWORKS)/bin/python
# Students' files, which the site offers for download.
HANDOUT := _build/handout/coursework
# The book on paper, which it offers too.
PDF := _build/handout/pdf
# The chapters to be run in the reader's browser.
LITE := _build/lite
# OpenTURNS, OR-tools and CMA-ES, beside which the cross-entropy method is measured.
PEERS := .venv-peers
PEERS_PY := $(PEERS)/bin/python
FRAMEWORKS_NOTEBOOK := chapters/loss/frameworks.ipynb
ALL_NOTEBOOKS := index.ipynb $(wildcard chapters/*/*.ipynb)
NOTEBOOKS := $(filter-out $(FRAMEWORKS_NOTEBOOK),$(ALL_NOTEBOOKS))
SOURCES := $(ALL_NOTEBOOKS) $(wildcard chapters/*/*.md) _config.yml _toc.yml CITATION.cff references.bib \
           $(wildcard _ext/*.* _ext/templates/*.html _ext/templates/static/*) $(wildcard xent_lib/*.py xent_lib/[a-z]*/*.*) \
           $(wildcard tests/*.py tests/*/*.py) # pages tell which test holds what, and how many there are
NBVAL := -m pytest -o addopts= --nbval --nbval-current-env --nbval-cell-timeout 120

.PHONY: help audit assignments demo-class grade book serve pdf test test-pdf test-frameworks notebooks notebooks-frameworks stability lint anchors bench bench-method bench-grading lock clean
.DEFAULT_GOAL := help

# One thread for linear algebra: the small matrices of this book gain nothing by more, and a sum
# comes out the same whatever the number of cores.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "make %-20s %s\n", $$1, $$2}'

assignments: $(VENV)/ready ## check the coursework and write what students get
	$(PY) -m coursework.assignments --site "$$($(PY) _ext/address.py)"

demo-class: $(VENV)/ready ## make up a class and its work, to try `make grade` on
	$(PY) -m coursework.demo

# make grade SUBMISSIONS=folder, and if you like: GRADES=folder ROSTER=file DUE=time DB=url JOBS=2
# DRY_RUN=1 TRUST_STUDENTS=1
grade: $(VENV)/ready ## grade SUBMISSIONS=folder in a sandbox; results in GRADES (grades/)
	@test -n "$(SUBMISSIONS)" || { echo "Which ones? make grade SUBMISSIONS=folder"; exit 1; }
	$(PY) -m coursework.grade "$(SUBMISSIONS)" $(if $(GRADES),--grades "$(GRADES)") \
	  $(if $(ROSTER),--roster "$(ROSTER)") $(if $(DUE),--due "$(DUE)") $(if $(DB),--db "$(DB)") \
	  $(if $(JOBS),--jobs $(JOBS)) $(if $(DRY_RUN),--dry-run) $(if $(TRUST_STUDENTS),--trust-students)

book: $(SITE)/.built ## build the site in _build/html
	@echo "The book is in $(SITE)/index.html"

pdf: $(PDF)/cross-entropy.pdf ## print the book and its cheat sheet as PDF into _build/handout/pdf
	@echo "The book is in $(PDF)/cross-entropy.pdf; a site built after it offers it too."

serve: book ## show the site at http://127.0.0.1:8000
	$(PY) -m http.server --bind 127.0.0.1 --directory $(SITE) 8000

test: lint book ## run every check: library, notebooks, prose, built pages in a browser
	$(PY) -m tests.site.browser
	$(PY) -m pytest tests xent_lib --ignore tests/site --ignore tests/lite --ignore tests/frameworks --ignore tests/method --ignore tests/coursework --ignore tests/pdf --cov --cov-report=term-missing:skip-covered
	$(PY) -m pytest tests/method
	$(PY) -m tests.coursework.machine
	$(PY) -m pytest tests/coursework --cov=coursework --cov-report=term-missing:skip-covered
	$(PY) $(NBVAL) -n 2 --dist loadfile $(NOTEBOOKS)
	$(PY) -m pytest tests/site -n 2
	$(PY) -m pytest tests/lite -n 2 -rs

audit: book _build/node/.all ## measure every page, and run every chapter in a browser (20 minutes)
	$(PY) -m tests.site.browser
	$(PY) -m tests.site.audit
	$(PY) -m pytest tests/lite/test_chapters.py --all-chapters -n 2 -rs

test-pdf: pdf ## hold the PDFs: outline, contents, links, tags, fonts, nothing cut off
	$(PY) -m pytest tests/pdf

test-frameworks: $(FRAMEWORKS)/ready ## hold the losses to PyTorch, TensorFlow, Keras and JAX (3 GB)
	$(FRAMEWORKS_PY) -m pytest tests/frameworks
	$(FRAMEWORKS_PY) $(NBVAL) $(FRAMEWORKS_NOTEBOOK)

notebooks: $(VENV)/ready ## run all notebooks but one and save their outputs
	$(BIN)/ruff format --quiet $(NOTEBOOKS)
	$(PY) tools/run_notebooks.py $(NOTEBOOKS)

notebooks-frameworks: $(VENV)/ready $(FRAMEWORKS)/ready ## run the one that needs the frameworks
	$(BIN)/ruff format --quiet $(FRAMEWORKS_NOTEBOOK)
	$(FRAMEWORKS_PY) tools/run_notebooks.py $(FRAMEWORKS_NOTEBOOK)

stability: $(FRAMEWORKS)/ready ## measure the stability table of the back matter anew
	$(FRAMEWORKS_PY) tests/frameworks/stability.py

lint: $(VENV)/ready ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

anchors: book ## add the site's new anchors to the list of those that must stay
	$(PY) -m tests.site.anchors

bench: $(FRAMEWORKS)/ready ## measure xent_lib beside SciPy, scikit-learn and PyTorch, in one run
	$(FRAMEWORKS_PY) -m pytest -o addopts= benchmarks -q --benchmark-quiet

bench-method: $(PEERS)/ready ## measure the cross-entropy method beside its peers and write the page
	$(PEERS_PY) benchmarks/method_peers.py

bench-grading: $(VENV)/ready ## measure the grading of coursework beside plain nbgrader (minutes)
	$(PY) -m benchmarks.grading

lock: $(VENV)/ready ## pin all requirements anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra book --universal --python-version 3.11 \
	  --no-annotate --no-header --upgrade --output-file requirements.txt
	{ printf '%s\n' '# PyTorch, TensorFlow, Keras and JAX for one chapter and its tests, made by `make lock`.' \
	  '# On Linux, pip takes the PyTorch for graphics cards, several GB. For the small one:' \
	  '#     pip install uv && uv pip install --torch-backend cpu -r requirements-frameworks.txt'; \
	  $(BIN)/uv pip compile pyproject.toml --extra frameworks --universal --python-version 3.11 \
	  --no-annotate --no-header --upgrade --quiet | grep -vE '^(cuda|nvidia|triton)'; } > requirements-frameworks.txt
	$(BIN)/uv pip compile pyproject.toml --extra peers --universal --python-version 3.11 \
	  --no-annotate --no-header --upgrade --quiet --output-file requirements-peers.txt
	$(PY) _ext/node.py --lock

clean: ## remove everything the commands made, the environment too
	rm -rf $(VENV) $(FRAMEWORKS) $(PEERS) _build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .benchmarks .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This book needs Python 3.11 or newer; $$($(PYTHON) --version) is here. Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv || echo "uv is not to be had; pip takes a few minutes longer."
	if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(PY) -r requirements.txt; else $(BIN)/pip install --quiet -r requirements.txt; fi
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# PyTorch comes in several builds, and requirements-frameworks.txt leaves the choice open. By default
# pip chooses; on Linux that may be the build for graphics cards, several GB. TORCH_BACKEND=cpu asks
# uv for the small one.
$(FRAMEWORKS)/ready: requirements-frameworks.txt pyproject.toml
	$(PYTHON) -m venv $(FRAMEWORKS)
	$(FRAMEWORKS)/bin/pip install --quiet uv
ifdef TORCH_BACKEND
	$(FRAMEWORKS)/bin/uv pip install --quiet --python $(FRAMEWORKS_PY) --torch-backend $(TORCH_BACKEND) $$(grep ^torch== $<)
else
	$(FRAMEWORKS)/bin/pip install --quiet $$(grep ^torch== $<)
endif
	$(FRAMEWORKS)/bin/uv pip install --quiet --python $(FRAMEWORKS_PY) -r $<
	$(FRAMEWORKS)/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# With Lighthouse, which `make audit` runs and nothing else.
_build/node/.all: package.json package-lock.json $(VENV)/ready
	$(PY) _ext/node.py --all
	touch _build/node/.made $@

_build/node/.made: package.json package-lock.json $(VENV)/ready
	$(PY) _ext/node.py
	touch $@

$(HANDOUT)/.made: $(wildcard coursework/*.py coursework/source/*/*) $(wildcard xent_lib/*.py xent_lib/[a-z]*/*.*) $(VENV)/ready
	$(PY) -m coursework.assignments --site "$$($(PY) _ext/address.py)"
	touch $@

$(LITE)/.made: $(ALL_NOTEBOOKS) _toc.yml $(wildcard _ext/lite*) $(HANDOUT)/.made $(VENV)/ready
	$(PY) _ext/lite.py
	touch $@

# A PDF that is there already is offered on the pages.
$(SITE)/.built: $(SOURCES) $(HANDOUT)/.made $(LITE)/.made $(wildcard $(PDF)/.made) _build/node/.made $(VENV)/ready
	$(BIN)/jupyter-book build . --all -W -n --keep-going
	touch $@

# The pages are built apart from the site, which carries the PDF if it was there first.
$(PDF)/cross-entropy.pdf: $(SOURCES) tools/pdf.py _build/node/.made $(VENV)/ready
	$(PY) -m tests.site.browser
	$(BIN)/jupyter-book build . --path-output _build/print --all -W -n --keep-going
	$(PY) -m tools.pdf
	touch $(PDF)/.made

$(PEERS)/ready: requirements-peers.txt pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet uv
	$(PEERS)/bin/uv pip install --quiet --python $(PEERS_PY) -r $<
	$(PEERS)/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
