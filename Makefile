# What one does with Stancebase from a checkout. Needs Python ≥ 3.11 with venv and pip, and make; nothing else.

# The first of these that is new enough makes .venv; name another with `make PYTHON=/path/to/python3.12 serve`.
PYTHON ?= python3 python3.13 python3.12 python3.11 python3.14 python

.DEFAULT_GOAL := help
.PHONY: help serve explorer test lint types format bench trials requirements

help: ## Show what can be made
	@echo 'make …'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-15s %s\n", $$1, $$2 }'

serve: .venv/run.stamp ## Serve the graph on http://127.0.0.1:8000, data included (HOST=… PORT=…)
	@if command -v npm > /dev/null; then $(MAKE) --silent --no-print-directory explorer || \
	  echo 'GraphiQL was not built, see above; the server starts all the same' >&2; fi
	@exec .venv/bin/stancebase serve $(if $(HOST),--host '$(HOST)') $(if $(PORT),--port '$(PORT)')

explorer: api/explorer/dist/index.html ## Build GraphiQL, to be served without any other host (needs npm)

test: .venv/dev.stamp ## Run all tests (ARGS='-k engine -x' for some of them)
	.venv/bin/python -m pytest -n auto --dist worksteal $(ARGS)

lint: .venv/dev.stamp ## Check format and style
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

format: .venv/dev.stamp ## Write format and style as lint wants them
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

types: .venv/dev.stamp ## Check the types
	.venv/bin/mypy --strict api schema seeds

bench: .venv/bench.stamp ## Measure against hand-written SQL and other servers (ARGS=--quick for a look)
	.venv/bin/python -m tests.bench $(ARGS)

trials: .venv/dev.stamp ## Soak, kill and overload servers (ARGS=soak, kills or overload; --help tells more)
	.venv/bin/python -m tests.trials $(or $(ARGS),--help)

# UPGRADE=--upgrade takes the newest versions that pyproject.toml allows; without it only what changed there moves.
PIN = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-config --quiet --custom-compile-command 'make requirements' $(UPGRADE)

requirements: ## Pin the dependencies again, after a change in pyproject.toml (needs uv)
	@command -v uv > /dev/null || { echo 'make requirements needs uv on the PATH' >&2; exit 1; }
	$(PIN) pyproject.toml --group build --output-file requirements.txt
	$(PIN) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(PIN) --no-deps tests/bench/requirements.in --output-file tests/bench/requirements.txt

# The files that follow stand for what was done, so that a second run has nothing to do.

GRAPHIQL = api/explorer/graphiql

$(GRAPHIQL)/node_modules/.package-lock.json: $(addprefix $(GRAPHIQL)/,package.json package-lock.json .npmrc)
	@command -v npm > /dev/null || { echo 'make explorer needs npm (Node 20.19 or newer) on the PATH' >&2; exit 1; }
	@echo 'Fetching what GraphiQL is built from (once; it takes about a minute)'
	@cd $(GRAPHIQL) && npm ci --loglevel=error
	@touch $@

# Made beside the last one, which stays if this one fails.
api/explorer/dist/index.html: $(wildcard $(addprefix $(GRAPHIQL)/,*.html *.js *.jsx *.css)) \
    $(GRAPHIQL)/node_modules/.package-lock.json
	@echo 'Building GraphiQL'
	@cd $(GRAPHIQL) && npm run --silent build -- --outDir node_modules/.dist --logLevel warn
	@rm -rf api/explorer/dist && mv $(GRAPHIQL)/node_modules/.dist api/explorer/dist

.venv/bin/python:
	@for python in $(PYTHON); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv .venv && exit 0; \
	    rm -rf .venv; \
	    echo 'Python could not make .venv; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; \
	  fi; \
	done; \
	echo 'Stancebase needs Python 3.11 or newer, and found none as: $(PYTHON)' >&2; \
	echo 'Install one, or name it: make PYTHON=/path/to/python3.12 …' >&2; exit 1

PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps

.venv/run.stamp: requirements.txt pyproject.toml | .venv/bin/python
	@echo 'Installing what requirements.txt pins into .venv (once; it takes about a minute)'
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo 'Installing what requirements-dev.txt pins into .venv (once)'
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@

.venv/bench.stamp: tests/bench/requirements.txt .venv/run.stamp
	@echo 'Installing what tests/bench/requirements.txt pins into .venv (once)'
	@$(PIP) --require-hashes --requirement tests/bench/requirements.txt
	@touch $@
