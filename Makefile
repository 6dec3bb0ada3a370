# `make run` and `make test` are all that a newcomer needs; both install what is missing first.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
VENV := .venv/bin/python
JOBS ?= 2
# Where Python may keep no compiled modules, every process that a test or the window starts compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run check test bench peers clean

help:  ## show this
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

install:  ## install or update what is missing; `run` and `test` do it by themselves
	@$(PYTHON) -m app.install

run: install  ## open the studio; without a display: the sample try-on into out/
	@$(VENV) main.py

check: install  ## lint, types, who may import whom
	$(VENV) -m ruff check .
	$(VENV) -m mypy
	$(VENV) .venv/bin/lint-imports --no-logo

test: check  ## check, then all tests
	$(VENV) -m pytest -n $(JOBS) --dist worksteal

bench: install  ## every benchmark, shortened; `python -m benchmarks.NAME` runs one in full
	@for file in $(filter-out %/__init__.py %/table.py %/film.py %/scans.py %/customers.py %/survey.py,$(wildcard benchmarks/*.py)); do \
		$(VENV) -m benchmarks.$$(basename $$file .py) --quick || exit 1; \
	done

peers: install  ## other people's tools in an environment of their own, and the benchmarks against them
	@$(PYTHON) -m venv .peers && .peers/bin/pip install -q -r benchmarks/peers/requirements.txt
	@$(VENV) -m benchmarks.renderers
	@$(VENV) -m benchmarks.looks
	@$(VENV) -m benchmarks.cloth

clean:  ## remove all that was installed or made here
	rm -rf .venv .peers out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/images/failed
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
