# make run    the whole site with demo data, until Ctrl-C (PORT=, DATABASE_URL=, REDIS_URL= choose other servers)
# make test   every check and every test (ARGS= goes to pytest)
# make check  format, lint, types, layers, migrations, translations
# make bench  measures and writes var/bench/latest.json
# make pictures  takes the README's pictures again
# make papers    every paper as picture in docs/pictures/papers
# make lock   renews the locks; make clean removes .venv and caches, never data

PYTHON ?= python3
PY := .venv/bin/python
BESIDE := $(PY) -m cchc.embedded.run --

.DEFAULT_GOAL := run
.PHONY: run test check bench pictures papers format translations lock clean install install-dev linters

run: install
	@exec $(PY) manage.py up

# LibreOffice is installed beside the tests; those that open files with it wait.
test: install-dev
	@CHROMIUM="$$($(PY) -m cchc.embedded.chromium)" && PDFSIG="$$($(PY) -m cchc.embedded.pdfsig)" && \
	export CHROMIUM PDFSIG && $(BESIDE) sh -c '$(PY) -m cchc.embedded.soffice >/dev/null & \
	$(MAKE) --no-print-directory linters & checks=$$!; \
	$(PY) -m pytest -q -n 2 --dist worksteal $(ARGS); tests=$$?; wait $$checks && exit $$tests'

check: install-dev
	@$(BESIDE) $(MAKE) --no-print-directory linters

bench: install-dev
	@$(PY) -m cchc.embedded.run --durable -- $(PY) -m benchmarks && $(PY) -m cchc.embedded.run --durable -- $(PY) -m benchmarks reminders && $(PY) -m cchc.embedded.run -- $(PY) -m benchmarks papers && $(PY) -m cchc.embedded.run --durable -- $(PY) -m benchmarks commitments

pictures: install-dev
	@CHROMIUM="$$($(PY) -m cchc.embedded.chromium)" && export CHROMIUM && $(BESIDE) $(PY) -m docs.pictures

papers: install-dev
	@$(BESIDE) $(PY) -m docs.papers

format: install-dev
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

translations: install-dev
	@$(BESIDE) $(PY) manage.py translations

# Needs the servers' addresses in the environment: `make check` gives them.
linters:
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py translations --check

install:
	@$(PYTHON) -I cchc/embedded/install.py requirements.lock

install-dev:
	@$(PYTHON) -I cchc/embedded/install.py requirements.lock requirements-dev.lock

COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet --strip-extras --allow-unsafe \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: install-dev
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --constraint requirements.lock --extra dev --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
