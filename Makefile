# chengnuo: the two commands a newcomer needs are `make demo` and `make test`; both make their own .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: faults lock demo serve test test-full test-browser machine browser screenshots check audit sbom wheel image image-browser compose-run bench format clean rehearse help

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

test-full: $(BIN)/.dev browser  ## faults, kills, long runs and the pages in a real chromium
	@$(BIN)/python -m pytest -q -n 2 -m "full or browser" --dist loadfile --durations=15

browser:  ## install Debian's chromium for the browser tests
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -yq chromium fonts-noto-cjk; }

machine:  ## Debian's buildah and mmdebstrap (the Dockerfile's steps) and LibreOffice Calc (the workbooks) for make test-full (root only)
	@{ command -v buildah && command -v mmdebstrap && command -v soffice; } >/dev/null || { test $$(id -u) != 0 && echo "not root: the Dockerfile's steps and LibreOffice will be skipped"; } \
	  || { apt-get update -q && apt-get install -yq --no-install-recommends buildah mmdebstrap libreoffice-calc-nogui; }

faults: $(BIN)/.dev  ## the whole fault matrix: 8 kinds, ten times each, under 1,050 deliveries
	@FAULTS=whole $(BIN)/python -m pytest -q -s -m full tests/notifier/test_faults.py

test-browser: $(BIN)/.dev browser  ## the pages in a real chromium
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m browser

audit: $(BIN)/.dev  ## known vulnerabilities of the locked packages
	@$(BIN)/python tools/audit.py

sbom: $(BIN)/.dev  ## dist/sbom.json: what the runtime is made of (CycloneDX)
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json
	@echo "dist/sbom.json"

wheel: $(BIN)/.runtime  ## dist/chengnuo-….whl
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

image: ## the container image; BASE=…@sha256:… pins it, TRACES=1 adds OpenTelemetry
	docker build $(if $(BASE),--build-arg BASE=$(BASE)) $(if $(TRACES),--build-arg TRACES=$(TRACES)) --tag chengnuo:local .

image-browser: ## the same with Debian's chromium, for sources that need scripts
	docker build $(if $(BASE),--build-arg BASE=$(BASE)) $(if $(TRACES),--build-arg TRACES=$(TRACES)) --target browser --tag chengnuo:browser .

compose-run: $(BIN)/.dev  ## every service of docker-compose.yml as a process, without a container engine
	@sh docker/secrets.sh && d=$$(mktemp -d /tmp/chengnuo-compose-XXXXXX) && chmod 711 $$d && $(BIN)/python tools/compose_run.py --folder $$d

rehearse: $(BIN)/.runtime  ## a new machine: clean clone, empty caches, both README commands, timed and compared
	@sh tools/rehearse.sh

screenshots: $(BIN)/.dev  ## a picture of every page in docs/screenshots, from a fresh demo
	@$(BIN)/python -m tools.screenshots

check: $(BIN)/.dev  ## format, lint, types, floors of the house
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/audit.py

bench: $(BIN)/.dev  ## measure and compare with the floors
	@$(BIN)/python -m bench

lock:  ## write the lock files anew (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml --group build -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml --extra browser -c requirements.txt -o requirements-browser.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml --extra otel -c requirements.txt -o requirements-otel.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt

format: $(BIN)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) data dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
