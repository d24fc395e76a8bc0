# Everything a newcomer needs: `make demo` shows the product, `make test` checks it. Both set up by themselves.

PYTHON ?= python3
VENV ?= .venv
MARKERS ?= not slow
PORT ?= 8000

BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint unit serve clean

demo: $(VENV)/.installed  ## a fictional delivery, ingested, labelled, indexed and served at http://127.0.0.1:8000
	$(BIN)/zhuanti demo --port $(PORT) $(DEMO_OPTIONS)

test: lint unit  ## everything that can be checked here; MARKERS= runs the slow tests too

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

unit: $(VENV)/.installed-dev
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "$(MARKERS)" -rs

serve: $(VENV)/.installed  ## the node's own data, from ZHUANTI_HOME
	$(BIN)/zhuanti serve --port $(PORT)

clean:
	rm -rf $(VENV) demo-home .mypy_cache .pytest_cache .ruff_cache .import_linter_cache *.egg-info

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,postgres]'
	touch $@
