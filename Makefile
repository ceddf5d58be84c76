# `make run` serves with the sample corpus, `make test` checks everything that CI checks, `make help` lists the rest.
python := .venv/bin/python
pytest := $(python) -m pytest --verbosity=0
compile := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" pyproject.toml -

.PHONY: help run test install-dev lint types layers unit packaging browser gate endurance bench-widget format lock
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

run: ## install where needed, ingest the sample corpus where nothing is ingested, serve on http://127.0.0.1:8000
	@.ci/install
	@.ci/start --demo $(ARGS)

test: install-dev lint types layers unit browser packaging gate ## everything that CI checks, but for endurance

install-dev: ## the environment with the tools for development
	@.ci/install --dev

lint: install-dev ## style and format
	$(python) -m ruff check .
	$(python) -m ruff format --check .

types: install-dev ## types, strictly
	$(python) -m mypy

layers: install-dev ## which room may import which
	.venv/bin/tach check

unit: install-dev ## the tests that need neither browser nor network
	$(pytest) -n 2 -m "not browser and not packaging and not endurance"

browser: install-dev ## the tests in Chromium
	$(pytest) -n 2 -m browser

packaging: install-dev ## the install and start scripts as make, Dockerfile and a new machine call them
	$(pytest) -n 2 --dist loadfile -m packaging

gate: install-dev ## evaluation: answers must be as good as the thresholds say; the real documents where they are at hand
	.ci/gate ingest/sample/corpus.toml evals/gates/sample.toml evals/cases/sample-*.jsonl
	.ci/gate ../shared/corpus/corpus.toml evals/gates/real.toml evals/cases/real-*.jsonl

endurance: install-dev ## kills, rival writers and load; bounded, says how often it repeated what
	$(pytest) -m endurance -s

bench-widget: install-dev ## speed of the widget in Chromium, as docs/widget.md reports it
	PYTHONPATH=. $(python) -m tests.benchmarks.widget_speed

format: install-dev ## write the format that `make lint` asks for
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lock: ## resolve requirements.txt and requirements-dev.txt anew (needs uv)
	sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml | $(compile) --output-file requirements.txt
	sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml | \
		$(compile) --group dev --constraint requirements.txt --output-file requirements-dev.txt
