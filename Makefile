# chengnuo: the two commands a newcomer needs are `make demo` and `make test`; both make their own .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: lock demo serve test test-full test-browser browser check bench format clean rehearse help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(BIN)/.runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "chengnuo needs Python 3.11 or newer; set PYTHON=python3.12, for example"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.dev: requirements-dev.txt $(BIN)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(BIN)/.runtime  ## the whole trip on the sample web, review pages left open until Ctrl-C
	@$(BIN)/chengnuo demo

serve: $(BIN)/.runtime  ## the review pages on the data kept so far
	@$(BIN)/chengnuo review

test: $(BIN)/.dev  ## everything a newcomer can run: no root, no system package
	@$(BIN)/python -m pytest -q -n 2 -m "not full and not browser"

test-full: $(BIN)/.dev  ## faults, kills and long runs
	@$(BIN)/python -m pytest -q -n 2 -m full || test $$? = 5  # 5: no long test is marked yet

browser:  ## install Debian's chromium for the browser tests
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -yq chromium fonts-noto-cjk; }

test-browser: $(BIN)/.dev  ## the pages in a real chromium
	@$(BIN)/python -m pytest -q -m browser

check: $(BIN)/.dev  ## format, lint, types, floors of the house
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(BIN)/.dev  ## measure and compare with the floors
	@$(BIN)/python -m bench

lock:  ## write the lock files anew (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml --group build -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt

format: $(BIN)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) data dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
