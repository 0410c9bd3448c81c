# `make` alone lists the commands.
.DEFAULT_GOAL := help
.PHONY: help run test docs diff check lint clean record doctor bench audit

ifeq ($(OS),Windows_NT)
PYTHON ?= py
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif

export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export UV_LINK_MODE := hardlink
export npm_config_cache := $(CURDIR)/.cache/npm
TOOLS := $(BIN)/python -m tools
LOCKS := requirements.txt $(wildcard steps/*/tests/requirements.txt final/tests/requirements.txt)
UV_VERSION := $(shell sed -n 's/^uv==//p' constraints.txt)

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-12s %s\n", $$1, $$2}'

run: .venv/ready node_modules/.ready ## run the whole app, or STEP=01-api, on PORT=8000, the tutorial beside it
	@$(TOOLS) run $(if $(STEP),--step $(STEP)) $(if $(PORT),--port $(PORT))

test: .venv/ready node_modules/.ready ## run the whole suite, or one step's: STEP=01-api
	@$(TOOLS) test $(if $(STEP),--step $(STEP))

docs: .venv/ready node_modules/.ready ## build the site strictly and serve it on PORT=8001
	@$(TOOLS) docs $(if $(PORT),--port $(PORT))

diff: .venv/ready ## show what changes between two steps: FROM=nothing TO=01-api
	@$(TOOLS) diff $(or $(FROM),nothing) $(TO)

check: .venv/ready ## run a step's tests against your own copy: STEP=01-api DIR=~/my-zoo
	@$(TOOLS) check --step "$(STEP)" --dir "$(DIR)"

record: .venv/ready node_modules/.ready ## run what the pages show, and write down what it prints: PAGE=docs/01-api.md
	@$(TOOLS) record $(PAGE)

doctor: .venv/ready ## say what this machine lacks, or has in the way
	@$(TOOLS) doctor

lint: .venv/ready node_modules/.ready ## formatters, linters, types, shell, YAML, spelling
	@$(TOOLS) lint

bench: .venv/ready ## measure what people notice while somebody attacks step 10, and final/
	@$(BIN)/python final/benchmarks/floods.py measure

audit: .venv/ready node_modules/.ready ## ask whether anything that is locked has a known weakness
	@$(TOOLS) audit

clean: ## forget the embedded databases and what was built
	rm -rf .postgres build .cache/run

.venv/ready: $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.13") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the locks name …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
	  && $(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes $(addprefix --requirement ,$(LOCKS)) \
	  || { echo "The installation failed: check that this machine reaches a Python package index, then try again."; exit 1; }
	@# It would import `types` before all else, and hide the mistake that chapter 05 shows.
	@rm -f .venv/[Ll]ib/*/functions_framework-*-nspkg.pth .venv/[Ll]ib/*/*/functions_framework-*-nspkg.pth
	@touch $@

node_modules/.ready: package-lock.json .venv/ready
	@$(BIN)/npm ci --silent --no-progress \
	  || { echo "The installation of npm's packages failed: check that this machine reaches an npm registry, then try again."; exit 1; }
	@touch $@
