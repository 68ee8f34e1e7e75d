# Two commands do everything: `make report` and `make test`. Both set up .venv first.
# On Windows, or without make: see "Without make" in README.md.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

TRIAL   ?=
KOMMUNE ?=

.PHONY: report test golden published mutants crate-check setup clean

report: $(READY)
	$(BIN)/reportlib render $(TRIAL) $(if $(KOMMUNE),--kommune "$(KOMMUNE)")

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal

# Our numbers beside those the five real reports print.
published: $(READY)
	PYTHONPATH=tests/support $(BIN)/python -m published $(TRIAL)

# Reports, ledgers, files and answers of the commands as texts, written anew: read the change with `git diff tests/golden_reports`.
golden: $(READY)
	$(BIN)/python tests/support/golden_reports.py

# The pages of docs/ that are made from the library itself; a test tells when one is due.
pages: $(READY)
	$(BIN)/python tools/trial_reference.py docs/trial.md
	$(BIN)/python tools/wordings.py docs/wordings.md
	$(BIN)/python tools/word_tables.py docs/words.md
	$(BIN)/python tools/catalogue_page.py docs/catalogue.md

# Not part of the tests: puts small faults into the library and tells which of them no test notices. The first time it
# finds out which tests reach which line, which takes as long as the tests.
AREAS := $(filter-out tests/support tests/golden,$(patsubst %/,%,$(wildcard tests/*/)))
SEED  ?= 1
mutants: $(READY)
	$(BIN)/python benchmarks/mutants.py --map $(AREAS)
	$(BIN)/python benchmarks/mutants.py --seed $(SEED) $(if $(PACKAGE),--package $(PACKAGE))

# What roc-validator says of the crates of rendered reports. It needs an older rich, so it has an environment of its own.
VALIDATOR := .venv-validator
crate-check: $(READY)
	test -x $(VALIDATOR)/bin/rocrate-validator || $(PYTHON) -m venv $(VALIDATOR)
	$(VALIDATOR)/bin/python -m pip install --quiet --disable-pip-version-check roc-validator==0.13.0
	for trial in $(or $(TRIAL),$(notdir $(wildcard data/*))); do $(BIN)/reportlib export $$trial --crate || exit 1; done
	PATH="$(CURDIR)/$(VALIDATOR)/bin:$$PATH" PYTHONPATH=tests/support $(BIN)/python -m crate_findings \
		$(foreach trial,$(or $(TRIAL),$(notdir $(wildcard data/*))),_output/$(trial))

setup: $(READY)

# Hashes are checked, and the project itself is built with what the lock file installed: no second download.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements.lock into $(VENV): some minutes, and each is named as it comes."
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import pathlib; pathlib.Path('$(READY)').touch()"

clean:
	rm -rf $(VENV) _output
