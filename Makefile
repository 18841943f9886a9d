# Two commands matter: `make demo` shows the product, `make test` proves it. Both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVE  ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench bench-extraction bench-linking bench-search bench-speed serve docs clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Install everything into .venv, and Chromium where that is possible
	@deploy/chromium.sh

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: setup ## A simulated market, three nights, what was found, then the console (SERVE=0 stops before that)
	@$(BIN)/asw demo $(if $(filter 0,$(SERVE)),--no-serve)

test: setup ## All tests, on real parts, on every core
	@deploy/search-server/prepare.sh
	$(BIN)/pytest --numprocesses auto --dist worksteal

check: setup ## Format, lint, types, import layers, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

docs: setup ## Regenerate the generated blocks of docs/
	$(BIN)/python -m docs.generate

bench: setup ## Speed and quality figures
	$(BIN)/python -m benchmarks

bench-extraction: setup ## Precision and recall of each kind, and of numbers by disguise, beside phonenumbers alone
	$(BIN)/python -m benchmarks.extraction

bench-linking: setup ## Quality, seconds and memory of linking on two kinds of market, beside peers
	PIP_CONSTRAINT=constraints.txt $(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks.linking --adverts 10000
	$(BIN)/python -m benchmarks.linking --adverts 10000 --free --peers
	$(BIN)/python -m benchmarks.night 10000

bench-search: setup ## Search, embedded and on a real server: documents and answers a second, beside SQLite
	@deploy/search-server/prepare.sh
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.search --server elasticsearch

bench-speed: setup ## Adverts a second, start-up, memory, and where the time goes
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.command

serve: setup ## The web console on what is in the store
	$(BIN)/asw serve

clean: ## Remove what setup, tests and demos made
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
