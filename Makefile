# The commands of this project. `make` alone lists them.
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check
COMPILE := $(PYTHON) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url
PORT ?= 8501

.PHONY: help run dev demo test test-fast check format pins clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/run.stamp ## serve the dashboard, with the sample at the first start
	@test -n "$$SOURCING_WAREHOUSE" || test -e data/warehouse/current || { echo "Loading the sample …"; $(PYTHON) -m etl load data/sample; }
	$(PYTHON) -m streamlit run dashboard.py --server.port $(PORT)

dev: $(VENV)/test.stamp ## serve it for development: reload on save, show tracebacks
	@test -n "$$SOURCING_WAREHOUSE" || test -e data/warehouse/current || $(PYTHON) -m etl load data/sample
	$(PYTHON) -m streamlit run dashboard.py --server.port $(PORT) --server.fileWatcherType auto --server.runOnSave true --client.showErrorDetails full

demo: $(VENV)/run.stamp ## serve a larger, made-up corpus
	@test -e data/demo/current || $(PYTHON) -m etl demo
	SOURCING_WAREHOUSE=data/demo $(PYTHON) -m streamlit run dashboard.py --server.port $(PORT)

test: check ## everything that is checked, in a real browser too
	$(PYTHON) tests/browser/need_browser.py
	$(PYTHON) -m pytest --numprocesses 2 --dist worksteal --durations 25 --ignore tests/browser
	$(PYTHON) -m pytest --numprocesses 2 --dist worksteal --durations 25 tests/browser

test-fast: $(VENV)/test.stamp ## what to run while working: under a minute
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile -m "not slow" --hypothesis-profile fast --ignore tests/browser

check: $(VENV)/test.stamp ## lint and types
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

format: $(VENV)/test.stamp ## format the code, and fix what can be fixed without thinking
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

pins: $(VENV)/test.stamp ## renew the pinned requirements and their hashes
	$(PIP) uv
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	@{ echo '# Every run-time dependency, pinned, with its hashes. Made from requirements.in by `make pins`; do not edit.'; cat requirements.txt; } > requirements.new && mv requirements.new requirements.txt
	@{ echo '# What the tests need beside requirements.txt, pinned, with hashes. Made from requirements-dev.in by `make pins`.'; cat requirements-dev.txt; } > requirements.new && mv requirements.new requirements-dev.txt

clean: ## remove the environment and every cache
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results build *.egg-info

$(VENV)/run.stamp: requirements.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@test -x $(PYTHON) || { echo "Making the environment $(VENV) …"; python3 -m venv $(VENV); }
	@echo "Installing what the dashboard needs (a minute or two, only when it has changed) …"
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
