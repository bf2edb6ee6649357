# Everything goes into .venv in this checkout. Needs Python 3.11 or newer, make, and a network to the package registries.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
BIN := .venv/bin
# One worker per core, eight at most: each may hold a browser.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ "$$n" -le 8 ] || n=8; echo "$$n")
# More for the command at hand: make test ARGS='-k chat', make demo ARGS='--break chat=expired'
ARGS ?=

.PHONY: help map safety setup browser appium demo test nightly coverage lint apk bench matrix field wild accuracy fuzz docs schemas lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## the environment in .venv, pinned and hash-checked

.venv/.ready: requirements.lock pyproject.toml .ci/setup
	@echo 'Setting up .venv (a minute or two the first time)…'
	@PYTHON="$(PYTHON)" sh .ci/setup

browser: setup
	@$(BIN)/trustwalk doctor web --fix

appium: setup
	@$(BIN)/trustwalk doctor android --fix

demo: browser ## explore the bundled support app, four of whose certificates are broken on purpose
	$(BIN)/trustwalk demo $(ARGS) || [ $$? -eq 1 ] # 1 says «journeys failed», which is what the demo shows

test: browser appium ## the tests of every push
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

nightly: browser appium ## what is too long for every push: the whole truth table live, on the web and on a device
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --nightly tests $(ARGS)

map: setup ## every module in a line, as its docstring says it (ARGS='login wire' narrows it down)
	@$(BIN)/python tests/layout/map.py $(ARGS)

coverage: setup ## branch coverage of what decides: flows, explorer/policy and explorer/tls, by tests that need no browser
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov tests/flows tests/explorer/policy tests/explorer/tls tests/explorer/run \
	  tests/reports --ignore-glob '*live_*' $(ARGS)

lint: setup ## style, types, import layers, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/typos

apk: setup ## the small Android packages of the demo and the tests, from their sources (needs Debian packages)
	sh tests/apk/build.sh

safety: browser ## what must never happen, tried: foreign logins, harmful controls, kill -9, damaged files; writes the figures
	$(BIN)/python tests/safety/figures.py $(ARGS)

bench: browser ## how long an action takes, where the time goes, and how that compares with a script written by hand
	$(BIN)/python tests/bench $(ARGS)

matrix: browser ## the full product: every host × every cause × three seeds (long)
	$(BIN)/python tests/journeys/matrix.py $(ARGS)

field: browser ## web apps not written by us, behind broken TLS (needs npm, and apt-get for Debian packages)
	$(BIN)/python tests/field/run.py $(ARGS)

wild: browser ## support portals drawn from seeds, whose truth is known by construction (ARGS='--seeds 1-20 --faults')
	$(BIN)/python tests/wild/run.py $(ARGS)

accuracy: browser ## how often the blame is right, as the accuracy page tells it
	$(BIN)/python tests/accuracy/run.py $(ARGS)

docs: setup ## the documentation, into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

fuzz: setup ## damaged packages, logs, certificates, evidence, journals and YAML: no crash, no hang, little memory
	$(BIN)/python tests/fuzz/run.py $(ARGS)

schemas: setup ## the JSON Schemas of the files that people write, from the models
	$(BIN)/python -m explorer.cli.schema_models

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	sh .ci/lock $(ARGS)

clean: ## remove what make made
	rm -rf .venv .bench site dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
