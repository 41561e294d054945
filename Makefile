# The portal: `make demo` to see it, `make test` to trust it, `make help` for the rest.
PORT ?= 8050
VENV := .venv
BIN := $(VENV)/bin
NEW_ENOUGH := -c 'import sys, venv; print(sys.version_info >= (3, 11))' 2>/dev/null
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do test "$$($$p $(NEW_ENOUGH))" = True && echo $$p && break; done)

# uv brings certificates of its own; behind a proxy of a council or company only the system's are right, as for pip.
# Where the system has none, uv keeps its own.
ifneq ($(wildcard /etc/ssl/certs/*.crt /etc/ssl/certs/*.pem /etc/ssl/cert.pem /etc/pki/tls/certs/*.crt),)
export UV_SYSTEM_CERTS ?= 1
endif

# Tests start many processes: where Python is told to keep nothing of what it compiled, each would compile all anew.
test: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help

help: ## say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: $(VENV)/run.done ## build the environment, load Leicester, print the accounts, serve on http://127.0.0.1:8050 (PORT=)
	@$(BIN)/portal demo --port $(PORT)

install: $(VENV)/run.done ## build the environment, and nothing else: to run it for real

tools: $(VENV)/test.done ## build the environment with the test tools, and nothing else: to run one test, or to change something

test: $(VENV)/test.done ## build the environment with the test tools, find or install a Chromium, run the whole suite
	@TEST_CHROMIUM="$$(sh tests/chromium.sh $(BIN))" && export TEST_CHROMIUM && $(BIN)/pytest

campaign: $(VENV)/test.done ## walk a return through 500 random lives instead of the suite's 12 (minutes)
	@LIFE_EXAMPLES=500 $(BIN)/pytest -n0 tests/portal/services/test_life.py

crafted: $(VENV)/test.done ## send every crafted post as everybody instead of taking turns (minutes)
	@CRAFTED=1 $(BIN)/pytest -n0 tests/house/test_crafted_posts.py

fuzz-workbooks: $(VENV)/test.done ## send 1,000 damaged return workbooks instead of the suite's 40 (minutes)
	@FUZZ_WORKBOOKS=1000 WORKBOOK_EXAMPLES=300 $(BIN)/pytest -n0 -s tests/portal/public/test_workbooks_fuzzed.py tests/portal/formats/test_return_workbook.py

fuzz-dash: $(VENV)/test.done ## send 50,000 bent posts to Dash's addresses as everybody instead of the suite's 400 (half an hour; COUNT=, SEED=)
	@FUZZ_DASH=$(or $(COUNT),50000) FUZZ_DASH_SEED=$(or $(SEED),$$(date +%s)) $(BIN)/pytest -n0 -s --show-capture=no tests/house/test_fuzzed_dash.py

soak: $(VENV)/test.done ## let 200 simulated people work on the served portal for half an hour (MINUTES=, PEOPLE=, DATABASE=postgresql)
	@DATABASE=$(DATABASE) MINUTES=$(MINUTES) PEOPLE=$(PEOPLE) PYTHONPATH=. $(BIN)/python tests/campaigns/soak.py

fuzz-api: $(VENV)/test.done ## hold the API against its description with many more requests than the suite has time for (minutes; EXAMPLES=)
	@API_EXAMPLES=$(or $(EXAMPLES),100) API_SEED=$$(date +%s) $(BIN)/pytest -n0 tests/portal/rest/test_fuzzed.py

starts: $(VENV)/test.done ## start the server 20 times instead of the suite's 2, each with requests at once (minutes)
	@STARTS=20 $(BIN)/pytest -n0 tests/portal/cli/test_server.py

kill: $(VENV)/test.done ## kill the portal and its database 200 times on each engine while people save (half an hour; KILLS= ENGINE=)
	@KILLS=$(or $(KILLS),200) PYTHONPATH=. $(BIN)/python tests/campaigns/kill.py $(ENGINE)

faults: $(VENV)/test.done ## fail every statement, race and kill 50 migrations, restore 20 backups taken under load (an hour)
	@FAULTS=1 REHEARSALS=20 $(BIN)/pytest -n0 tests/portal/test_faults.py tests/portal/test_migrate_faults.py tests/portal/test_earlier_schemas.py tests/portal/backups

honesty: $(VENV)/test.done ## back-test the forecast on simulated series, write docs/forecast-honesty.md (minutes)
	@PYTHONPATH=. $(BIN)/python tests/campaigns/forecast_honesty.py

bench: $(VENV)/test.done ## what pages, questions and saves cost with 1, 10 and 100 areas: writes docs/benchmarks.md (10 minutes)
	@TEST_CHROMIUM="$$(sh tests/chromium.sh $(BIN))" && export TEST_CHROMIUM && PYTHONPATH=. $(BIN)/python tests/campaigns/bench.py

simulate: $(VENV)/test.done ## what one area's pages and changes cost among AREAS=150 on PostgreSQL, of QUARTERS=40 (half an hour, 5 GB of disk)
	@AREAS=$(AREAS) INDICATORS=$(INDICATORS) QUARTERS=$(QUARTERS) PYTHONPATH=. $(BIN)/python tests/campaigns/simulate.py

bench-public: $(VENV)/test.done ## requests a second of the public scorecard beside Datasette's page, and its paint (two minutes)
	@TEST_CHROMIUM="$$(sh tests/chromium.sh $(BIN))" && export TEST_CHROMIUM && PYTHONPATH=. $(BIN)/python tests/campaigns/bench_public.py

mutation: $(VENV)/test.done ## change every rule, one place at a time, and fail when the tests miss 5% of it (15 minutes; RULES=)
	@PYTHONPATH=. PYTHONHASHSEED=0 $(BIN)/python tests/campaigns/mutation.py $(RULES)

pictures: $(VENV)/test.done ## take pictures of every page into var/pictures/, and those of the help (minutes; ONLY=help)
	@TEST_CHROMIUM="$$(sh tests/chromium.sh $(BIN))" PYTHONPATH=. $(BIN)/python tests/campaigns/pictures.py $(ONLY)

map: $(VENV)/test.done ## draw the house, storey by storey with its imports, into var/map.svg
	@PYTHONPATH=. $(BIN)/python tests/campaigns/map.py

hostile: $(VENV)/test.done ## look at every page in Chromium with hostile texts in every field, in turns (half an hour; TURNS=)
	@TEST_CHROMIUM="$$(sh tests/chromium.sh $(BIN))" HOSTILE=$(or $(TURNS),70) $(BIN)/pytest -n0 tests/journeys/test_hostile_text.py

tables: $(VENV)/test.done ## write the tables of docs/ that are made of the code and the locks
	@PYTHONPATH=. $(BIN)/python -m tests.campaigns.tables

axe: $(VENV)/test.done ## hold every page with every role to its manners, light and dark, wide and narrow (minutes)
	@TEST_CHROMIUM="$$(sh tests/chromium.sh $(BIN))" PYTHONPATH=. $(BIN)/python tests/campaigns/manners.py

lint: $(VENV)/test.done ## check style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(VENV)/uv.done ## make the locks anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --extra build -o requirements/run.lock
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --extra build --extra test -o requirements/test.lock
	echo uv | $(BIN)/uv pip compile - $(LOCK) -o requirements/uv.lock
LOCK := -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

clean: ## remove the environment and what the demo made
	rm -rf $(VENV) var

# uv installs in seconds what takes pip a minute; pip brings only uv, by its hash.
$(VENV)/uv.done: requirements/uv.lock
	@test "$$($(PYTHON) $(NEW_ENOUGH))" = True || { echo "Python 3.11 or newer, with its venv module, is needed. Name one: make PYTHON=/path/to/python3.11 demo"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

$(VENV)/run.done: $(VENV)/uv.done requirements/run.lock pyproject.toml
	@$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/run.lock
	@$(BIN)/uv pip install --quiet --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/test.done: $(VENV)/run.done requirements/test.lock
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements/test.lock
	@touch $@

.PHONY: help demo install tools test campaign crafted fuzz-workbooks fuzz-dash fuzz-api soak starts kill faults honesty mutation bench bench-public pictures map axe lint lock clean
.PHONY: hostile tables simulate
