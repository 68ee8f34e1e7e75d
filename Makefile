# Two commands do everything: `make report` and `make test`. Both set up .venv first.
# On Windows, or without make: see "Without make" in README.md.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

TRIAL   ?=
KOMMUNE ?=

.PHONY: report test setup clean

report: $(READY)
	$(BIN)/reportlib render $(TRIAL) $(if $(KOMMUNE),--kommune "$(KOMMUNE)")

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

setup: $(READY)

# Hashes are checked, and the project itself is built with what the lock file installed: no second download.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import pathlib; pathlib.Path('$(READY)').touch()"

clean:
	rm -rf $(VENV) _output
