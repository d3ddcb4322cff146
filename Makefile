# Two commands do everything on a machine with Python 3.11+, git and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types check fmt docs bench clean

demo: .venv/.ready
	$(BIN)/watcher demo $(ARGS)

test: .venv/.ready-test
	tests/chromium.sh
	$(MAKE) lint
	$(BIN)/pytest $(ARGS)

lint: .venv/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PYTHONPATH=docs $(BIN)/cog --check docs/*.md

fmt: .venv/.ready-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.ready-test
	PYTHONPATH=docs $(BIN)/cog -r docs/*.md

# Compiled as pip does with what it copies: where PYTHONDONTWRITEBYTECODE is set, each start would parse all, 0.3 s.
.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m compileall -q watcher
	touch $@

.venv/.ready-test: .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

# Needs captures: STREAMS is a folder of NAME.tar.xz, or of folders of captures with truth.json.
STREAMS ?= ../shared/streams
bench: .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25'  # older ones fail on readability-lxml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m bench.extract $(STREAMS) $(ARGS)
	$(BIN)/python -m bench.rounds $(STREAMS)
	$(BIN)/python -m bench.outbox
	$(BIN)/python -m bench.accuracy

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
