# make run: the dashboard with the sample. make test: everything that is checked.
VENV := .venv
PYTHON := $(VENV)/bin/python
PORT ?= 8501

.PHONY: run test lint demo pins clean

run: $(VENV)/run.stamp
	test -n "$$SOURCING_WAREHOUSE" || test -e data/warehouse/current || $(PYTHON) -m etl load data/sample
	$(PYTHON) -m streamlit run dashboard.py --server.port $(PORT)

demo: $(VENV)/run.stamp
	test -e data/demo/current || $(PYTHON) -m etl demo
	SOURCING_WAREHOUSE=data/demo $(PYTHON) -m streamlit run dashboard.py --server.port $(PORT)

test: lint
	$(PYTHON) tests/browser/need_browser.py
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --ignore tests/browser
	$(PYTHON) -m pytest tests/browser

lint: $(VENV)/test.stamp
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

$(VENV)/run.stamp: requirements.txt
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	test -x $(PYTHON) || python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

pins: $(VENV)/test.stamp
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile -q --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url requirements.in -o requirements.txt
	sed -i '1i # Every run-time dependency, pinned. Made from requirements.in by `make pins`; do not edit.' requirements.txt
	$(PYTHON) -m uv pip compile -q --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	sed -i '1i # What the tests need beside requirements.txt, pinned. Made from requirements-dev.in by `make pins`.' requirements-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
