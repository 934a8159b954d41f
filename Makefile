# The first Python of 3.11 or later; `make PYTHON=/path/to/python3.12` names another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$name && break; done)
SEEDS ?= 200
COMPILE = .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-config \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
# A start takes a fifth less with the bytecode of the last one, which goes where Git does not look.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos schemas requirements

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' $(MAKEFILE_LIST) | awk -F': ' '{printf "%-13s %s\n", $$1, $$2}'

demo: .venv/run.stamp ## start everything with an example company (ARGS=--exit loads it and stops)
	@.venv/bin/python -m services demo $(ARGS)

test: .venv/dev.stamp ## every test, on a real PostgreSQL, Kafka and browser (ARGS go to pytest)
	@sh tests/browser.sh
	.venv/bin/pytest $(or $(ARGS),--numprocesses 3 --dist loadscope --no-loadscope-reorder)

check: .venv/dev.stamp ## lint, format, types, who may import whom
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: .venv/dev.stamp ## how fast, beside the bare libraries in the same run
	.venv/bin/python tests/bench/run.py $(ARGS)

chaos: .venv/dev.stamp ## the long campaign of seeded faults (SEEDS=200)
	.venv/bin/python tests/chaos/run.py --seeds $(SEEDS) $(ARGS)

schemas: .venv/dev.stamp ## write contracts/schemas/ and contracts/asyncapi.yaml from the contracts
	.venv/bin/python tests/contracts/describe.py

requirements: .venv/dev.stamp ## compile requirements/*.in anew, pinned and hashed
	cd requirements && CUSTOM_COMPILE_COMMAND="make requirements" sh -c \
	'../$(COMPILE) --output-file run.txt run.in && ../$(COMPILE) --output-file dev.txt dev.in'

.venv/run.stamp: requirements/run.txt pyproject.toml
	@$(call install,run)

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@$(call install,dev)

define install
if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	echo "Référent needs Python 3.11 or later, and none is on the PATH: install one, or" \
	"name it with make PYTHON=/path/to/python3.12." >&2; exit 1; fi; \
echo "Installing requirements/$(1).txt into .venv (once, about a minute)." >&2; \
mkdir -p .venv; \
if ! [ -x .venv/bin/pip ] && ! $(PYTHON) -m venv .venv > .venv/install.log 2>&1; then \
	echo "Python cannot make a virtual environment here: install its venv module" \
	"(on Debian: apt-get install python3-venv); .venv/install.log says more." >&2; exit 1; fi; \
if ! .venv/bin/pip install --retries 1 --disable-pip-version-check --require-hashes \
		-r requirements/$(1).txt > .venv/install.log 2>&1; then \
	echo "The requirements could not be installed: the first start needs a network that reaches" \
	"the Python package index; .venv/install.log says more." >&2; exit 1; fi; \
if ! .venv/bin/pip install --disable-pip-version-check --no-build-isolation --no-deps \
		--no-index -e . >> .venv/install.log 2>&1; then \
	echo "The referent command could not be installed: .venv/install.log says why." >&2; \
	exit 1; fi; \
touch .venv/$(1).stamp
endef
