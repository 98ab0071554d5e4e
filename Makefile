# holdfast: every way to start it. Only make and Python >= 3.11 have to be there; the rest comes from
# the lock files in requirements/ into .venv, once, and again when they change.
# ARGS="…" passes flags on, PYTHON=… names the Python that .venv is made with.

python := .venv/bin/python
unexport PYTHONPATH PYTHONHOME  # what a shell has set for other projects is not ours to import
unexport PYTHONDONTWRITEBYTECODE  # each command would compile everything anew
.NOTPARALLEL:
.PHONY: slow search large semantics storm peers targets up test lint types contracts suite format bench docs golden lock clean run dev

targets:
	@awk -F ': .*## |:.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

up: run ## run everything here: Postgres, HTTP, SMTP, worker  (ARGS="--data DIR --app module:hf")
	@exec $(python) -m holdfast up $(ARGS)

test: lint types contracts suite ## all four checks below: what has to be green

lint: dev ## style (ruff check, ruff format --check)
	$(python) -m ruff check .
	$(python) -m ruff format --check .

types: dev ## types (mypy, strict)
	$(python) -m mypy

contracts: dev ## which part may import which (import-linter)
	$(python) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

suite: dev ## the tests  (ARGS="-k dead_letter -x")
	@exec $(python) -m pytest --numprocesses=3 $(ARGS)

slow: dev ## the tests that take minutes: a real clock such as pg_cron's, a busy machine
	@exec $(python) -m pytest -m slow $(ARGS)

search: dev ## the queue against its model, for minutes, by other ways each time
	@exec $(python) -m pytest -m search $(ARGS)

format: dev ## put the code into the project's format
	$(python) -m ruff check --fix --exit-zero .
	$(python) -m ruff format .

bench: dev ## measure against floors taken in the same run  (ARGS="--json", "--guard", "--record")
	@exec $(python) -m bench $(ARGS)

large: dev ## measure a million ready jobs, ten million finished ones, an old snapshot (10 min)
	@exec $(python) -m bench.large $(ARGS)

semantics: dev ## count what becomes of email when workers are killed, servers silent (1 min)
	@exec $(python) -m bench.semantics $(ARGS)

storm: dev ## hurt the real thing for minutes, hold it to its promise  (ARGS="--minutes 3 --seed 7")
	@exec $(python) -m bench.storm $(ARGS)

peers: ## measure PgQueuer, Procrastinate and pgmq beside it, in .venv-peers (6 min)  (ARGS="--json")
	@sh requirements/python.sh requirements/install.py peers
	@exec .venv-peers/bin/python -m bench.peers $(ARGS)

docs: dev ## write docs/reference anew from the code
	@exec $(python) -m docs.generate

golden: dev ## write the golden dump of the schema anew, after a change of the SQL
	@exec $(python) -m tests.golden

lock: ## make the lock files anew from pyproject.toml  (ARGS="--upgrade")
	@sh requirements/python.sh requirements/lock.py $(ARGS)

clean: ## remove .venv, caches and builds; your data in .holdfast stays
	rm -rf .venv .venv-peers build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.holdfast -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

run dev:
	@sh requirements/python.sh requirements/install.py $@
