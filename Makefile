# Everything goes into .venv; nothing is needed but Python 3.11 or newer and a package registry.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types check golden lock spark bench clean help

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## plan the sample estate, rehearse its first wave, say where the report is
	$(RUN)/migrate plan plans/health12/plan.toml
	$(RUN)/migrate rehearse plans/health12/out/plan.json --wave 1
	@echo "Open plans/health12/out/report.html in a browser."

test: $(READY) ## run the tests
	$(RUN)/python -m pytest -n 2

lint: $(READY) ## ruff: rules and format
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: $(READY) ## mypy --strict
	$(RUN)/mypy

check: lint types test ## what CI runs

golden: $(READY) ## write the golden plans anew; look at the diff
	$(RUN)/python -m pytest -q tests/test_golden.py --golden

bench: $(READY) ## end to end at 2,600, 35,000 and 100,000 servers
	$(RUN)/python -m benchmarks.end_to_end

spark: $(READY) ## install PySpark and compare its answers with DuckDB's (needs Java 17 or 21)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	$(RUN)/python -m pytest tests/discovery/test_spark.py

lock: $(READY) ## resolve requirements.lock anew
	$(RUN)/python -m pip install --quiet uv
	$(RUN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock
	$(RUN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra spark \
	  --constraint requirements.lock pyproject.toml -o requirements-spark.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "migrate needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) (once; about a minute)…"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean: ## remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
