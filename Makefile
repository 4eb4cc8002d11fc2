# TRD Explorer. Two commands: `make run` and `make test`.
# Debian's own Python, where it is there: one that was built without its optimisations takes half as long again.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3.11) python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
export OMP_NUM_THREADS ?= 1

.PHONY: run test test-all test-slow lint types bench agreement screenshot setup setup-dev browser clean

run: setup  ## start the dashboard on the demonstration cohort
	$(BIN)/streamlit run dashboard.py --server.port $(PORT)

test: setup-dev browser lint types  ## lint, types, unit, page and browser tests
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow" --durations=10

test-all: test test-slow  ## everything

test-slow: setup-dev browser  ## the suites that compute for minutes
	$(BIN)/pytest -q -n 2 --dist loadfile -m slow --durations=10

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

bench: setup-dev browser  ## print the table of budgets with measured figures
	$(BIN)/python -m tests.bench

agreement: setup-dev  ## print how far the numbers agree with PyDESeq2's and R's, and why not further
	$(BIN)/python -W ignore -m tests.bench_agreement

screenshot: setup-dev browser  ## make the picture of the README
	$(BIN)/python -m tests.browser.screenshot

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.development

# A bare Debian has python3 without its venv module.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); } || { rm -rf $(VENV); python3 -m venv $(VENV); }

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.development: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.runtime

# Debian's Chromium drives the browser tests; nothing else is downloaded.
browser:
	@command -v chromium >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation; }

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
