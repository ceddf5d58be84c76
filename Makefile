# `make run` serves with the sample corpus, `make test` checks everything that CI checks, `make help` lists the rest.
python := .venv/bin/python
pytest := $(python) -m pytest --verbosity=0
workers := -n 2 --dist worksteal # each has tests that stand together: what these share is made by few workers twice
short := not long and not endurance and not packaging
unexport PYTHONDONTWRITEBYTECODE # compiled modules are kept for the next process: tests start hundreds
backend := sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml
compile := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock"
compile_project := $(compile) pyproject.toml -

.PHONY: benchmark help run eval test test-all long needs install-eval install-dev lint types layers unit browser gate
.PHONY: reading answers answers-held train format lock sbom audit
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

run: ## install where needed, ingest the sample corpus where nothing is ingested, serve on http://127.0.0.1:8000
	@.ci/install
	@.ci/start --demo $(ARGS)

eval: install-eval ## evaluate the answers over the sample corpus, or what ARGS says after `strategielotse eval`
	@.venv/bin/strategielotse eval $(or $(ARGS),run)

test: ## every check of a change, with the time of each step at the end
	@MAKE="$(MAKE)" .ci/steps needs install-dev lint types layers unit browser gate

test-all: ## and what takes long: kills, rival writers, load, many papers, every state in the browser, new environments
	@MAKE="$(MAKE)" .ci/steps needs install-dev lint types layers unit browser gate long

needs: ## what the checks need of the machine: root has it installed, others are told the command
	@.ci/needs

install-eval: ## the environment with what evaluation needs
	@.ci/install --eval

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
	$(pytest) $(workers) -m "not browser and $(short)"

browser: needs install-dev ## the tests in Chromium
	$(pytest) $(workers) -m "browser and $(short)"

long: needs install-dev ## the tests that are run by hand before what they are about is called done
	$(pytest) -n 2 --dist loadfile -m "not ($(short))"

developed = $(filter-out %-held.jsonl,$(wildcard evals/cases/$(1)-*.jsonl)) # sets that are held back are opened by hand
gate: install-eval ## evaluation: answers must be as good as the thresholds say; the real documents where they are at hand
	.ci/gate ingest/sample/corpus.toml evals/gates/sample.toml $(call developed,sample)
	.ci/gate ../shared/corpus/corpus.toml evals/gates/real.toml $(call developed,real) evals/cases/first-dev.jsonl \
		evals/cases/dialogue-dev.jsonl

papers := build/reading
others := ../shared/corpus-other
reading: install-dev ## read papers whose records are known, and write what is right of them into docs/reading.md
	rm -rf $(papers)
	$(python) -m tests.papers $(papers)/generated > /dev/null
	$(python) -m tests.papers $(papers)/held/generated --held > /dev/null
	$(python) -m service eval reading --papers $(papers)/generated --held-papers $(papers)/held/generated \
		--log docs/reading-held.log --markdown docs/reading.md $(if $(wildcard $(others)/catalogues),--papers $(others))

sets := evals/cases/papers evals/cases/pairs evals/cases/first evals/cases/dialogue
asked := $(python) -m service eval answers --papers $(others) --corpus ../shared/corpus/corpus.toml
answers: install-eval ## ask the development sets over the real papers, and write what is right into docs/answering-figures.md
	$(asked) $(sets:%=--cases %-dev.jsonl) $(addprefix --cases ,$(wildcard evals/cases/*-dev-2.jsonl)) --markdown docs/answering-figures.md $(ARGS)

answers-held: install-eval ## ask the sets that are held back: totals alone, noted in docs/answers-held.log
	$(asked) $(sets:%=--cases %-held.jsonl) --held --log docs/answers-held.log $(ARGS)

trained := service/answering/trained
learned_over := build/train
train: install-eval ## learn anew what is shipped: how questions are read and which ask for changes, from the development sets how sentences and items are ranked and answers judged, and when a curated answer is meant
	$(python) -m service eval train --only questions --to $(trained)
	$(python) -m service eval train --only changes --to $(trained) \
		$(addprefix --cases ,$(filter-out %-held.jsonl,$(wildcard evals/cases/*.jsonl)))
	$(python) -m service eval train --only sentences --to $(trained) --papers $(others) \
		--corpus ../shared/corpus/corpus.toml $(addprefix --cases ,$(call developed,real) $(sets:%=%-dev.jsonl))
	rm -rf $(learned_over)
	$(python) -m service ingest --manifest ../shared/corpus/corpus.toml --data-dir $(learned_over)
	$(python) -m service questions import ../shared/corpus/questions.tsv --data-dir $(learned_over)
	$(python) -m service eval train --only ranking --to $(trained) --papers $(others) --data-dir $(learned_over) \
		$(addprefix --cases ,$(call developed,real) $(sets:%=%-dev.jsonl))
	$(python) -m service eval train --only judgement --to $(trained) --papers $(others) \
		--corpus ../shared/corpus/corpus.toml $(addprefix --cases ,$(call developed,real) $(sets:%=%-dev.jsonl))
	$(python) -m service eval train --only curated --to $(trained)

benchmark: needs install-dev ## speed of ingestion and answers, and growth, into docs/benchmarks.md
	$(python) -m tests.benchmarks $(ARGS)

format: install-dev ## write the format that `make lint` asks for
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lock: ## resolve the requirement files anew (needs uv)
	$(backend) | $(compile_project) --extra postgres --output-file requirements.txt
	$(backend) | $(compile_project) --extra postgres --extra eval --constraint requirements.txt --output-file requirements-eval.txt
	$(backend) | $(compile_project) --extra postgres --extra eval --extra model --group dev --constraint requirements-eval.txt --output-file requirements-dev.txt
	$(compile) --group audit --output-file requirements-audit.txt

sbom: ## what serving installs, as CycloneDX JSON in dist/sbom.cdx.json; the same bytes from the same versions
	@mkdir -p dist
	@PYTHONWARNINGS=ignore .ci/tools cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
		--output-file dist/sbom.cdx.json
	@echo "dist/sbom.cdx.json"

audit: ## known vulnerabilities of the locked versions; says so where no list can be reached
	@.ci/tools python .ci/audit.py requirements.txt
