# Every command of the project. `make help` lists them.
#
# Nothing is installed by hand: uv is taken from PATH or put into .local/uv, the locked Python
# packages into .venv, the locked npm packages into node_modules. Each is done once and again only
# when its lock file changes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .local/uv/bin/uv)
RUN := $(UV) run --no-sync
PYTEST := $(RUN) pytest
SUITES := unit integration race faults e2e web

VENV := .venv/.synced
NODE_MODULES := node_modules/.package-lock.json

export PYTHONPATH := functions
# Compiled modules are kept even where an image forbids it: without them the unit tests take half
# as long again.
unexport PYTHONDONTWRITEBYTECODE

ROLE ?= admin

##@ The local stack

run: $(VENV) ## start the local stack and serve it on one origin; PORT=8080 changes the port
	@$(RUN) python -m infra.local run

stop: $(VENV) ## stop the local stack and keep its data
	@$(RUN) python -m infra.local stop

reset: $(VENV) ## stop the local stack and throw its data away
	@$(RUN) python -m infra.local reset

token: $(VENV) ## print a JWT of the local user pool: ROLE=admin, or ROLE=staff OFFICE=kotabumi
	@$(RUN) python -m infra.local token --role $(ROLE) $(if $(OFFICE),--office $(OFFICE))

user: $(VENV) ## make a user: ROLE=staff OFFICE=kotabumi EMAIL=...; USER_POOL_ID=... for a pool on AWS
	@$(RUN) python -m operations.user --role $(ROLE) $(if $(OFFICE),--office $(OFFICE)) --email $(EMAIL)

clock: $(VENV) ## move the time of the stack's functions: AT=2026-11-25T07:30 (WIB); without AT, back
	@$(RUN) python -m infra.local clock $(if $(AT),--at $(AT))

demo: $(VENV) ## walk one booking from the queue to the roster, against the running stack
	@$(RUN) python -m infra.local.demo

##@ Checks

fmt: $(VENV) ## put the code into its format and mend what ruff can mend
	$(RUN) ruff format
	$(RUN) ruff check --fix

lint: $(VENV) ## ruff, the import boundaries, the CloudFormation templates
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) lint-imports --no-logo
	$(RUN) python -m infra.lint.templates

type: $(VENV) ## mypy, strict, on functions, infra and tests
	$(RUN) mypy

hooks: $(VENV) ## have git run lint and type before each commit
	@$(RUN) pre-commit install

##@ Tests (ARGS="-k name -x" goes to pytest)

test: $(VENV) $(NODE_MODULES) browser ## every suite but bench, in one run, quickest first
	$(PYTEST) $(if $(ARGS),,--grants) $(ARGS)

unit: $(VENV) ## rules and code paths without any socket
	@# No watch for hangs: beginning and ending it takes half a second of two thousand short tests.
	$(PYTEST) -n 2 --hypothesis-profile=quick -o faulthandler_timeout=0 tests/unit $(ARGS)

integration: $(VENV) ## against moto, in the process, without any socket
	$(PYTEST) tests/integration $(ARGS)

race: $(VENV) $(NODE_MODULES) ## many clients at once, against DynamoDB Local
	$(PYTEST) tests/race $(ARGS)

faults: $(VENV) $(NODE_MODULES) ## crashes, lost answers and refusals at every step
	$(PYTEST) tests/faults $(ARGS)

e2e: $(VENV) ## template.yaml deployed on the local stack, through its HTTP API
	$(PYTEST) tests/e2e $(ARGS)

web: $(VENV) browser ## the pages in Chromium
	$(PYTEST) tests/web $(ARGS)

bench: $(VENV) $(NODE_MODULES) ## measure throughput and costs; never part of `make test`
	$(PYTEST) tests/bench/bench_*.py -p no:randomly -s $(ARGS)

##@ What is made from the sources

build: $(VENV) ## the deployable functions: two slim, compiled, reproducible zips
	$(RUN) python -m infra.build.zips

openapi: $(VENV) ## write infra/openapi/*.json from the routes
	$(RUN) python -m infra.build.openapi

audit-ledger: $(VENV) ## check the invariants of every slot in the running stack's table: STACK=...
	@$(RUN) python -m operations.check_invariants $(if $(STACK),--stack $(STACK))

export-person: $(VENV) ## write what is kept of a person to a file, and ask for the NIK: FILE=... STACK=...
	@$(RUN) python -m operations.person export $(if $(STACK),--stack $(STACK)) $(if $(FILE),--file $(FILE))

erase-person: $(VENV) ## take a person's data out, and ask for the NIK: CANCEL=1 STACK=...
	@$(RUN) python -m operations.person erase $(if $(STACK),--stack $(STACK)) $(if $(CANCEL),--cancel)

resend-messages: $(VENV) ## ask again for the messages of coming bookings: SINCE=2026-11-23T10:00:00+07:00 STACK=...
	@$(RUN) python -m operations.messages resend --since $(SINCE) $(if $(STACK),--stack $(STACK))

lift-suppression: $(VENV) ## write to an e-mail address again, and ask for it: STACK=...
	@$(RUN) python -m operations.messages lift $(if $(STACK),--stack $(STACK))

verify-roster: $(VENV) ## check a roster's file by the signed manifest beside it: FILE=roster.pdf
	@$(RUN) python -m office_tools.verify_roster $(FILE) $(if $(KEY),--key $(KEY))

pull-rosters: $(VENV) ## fetch an office's rosters: OFFICE=kotabumi DIR=rosters ORIGIN=https://...
	@$(RUN) python -m office_tools.pull_rosters --office $(OFFICE) --dir $(DIR) $(if $(ORIGIN),--origin $(ORIGIN))

##@ This help

help: ## list the commands
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: help run stop reset token user clock demo fmt lint type test $(SUITES) bench build openapi \
        audit-ledger export-person erase-person resend-messages lift-suppression \
        verify-roster pull-rosters browser hooks

# --- what the commands stand on ---------------------------------------------------------------

$(VENV): pyproject.toml uv.lock .python-version | $(UV)
	@$(UV) sync --locked --quiet
	@touch $@

.local/uv/bin/uv:
	@.ci/install-uv $(UV_VERSION)

$(NODE_MODULES): package.json package-lock.json | $(VENV)
	@$(RUN) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

browser: | $(VENV)
	@.ci/install-browser $(RUN)
