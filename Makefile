# The only door: every command of the project, each told in one line.
.DEFAULT_GOAL := help
.PHONY: help run test watch fmt bench build tools lint unit e2e api acceptance

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Get what is missing, build, start Reeve on http://localhost:8580 and print the link to open
	@scripts/run.sh

test: ## Check and test everything: formatting, lints, both databases, browser, stock ZenML
	@scripts/test.sh

watch: ## Rebuild and restart at every change of a source file
	@scripts/watch.sh

fmt: ## Format the sources
	@cargo fmt --all

bench: ## Measure start time, memory, sizes and response times on this machine
	@scripts/bench.sh

build: ## Build the release binary and the site, if anything changed
	@scripts/build.sh

tools: ## Get the tools a build needs
	@scripts/tools.sh

lint: ## Part of test: formatting, clippy on both targets, documentation
	@scripts/test.sh lint

unit: ## Part of test: cargo test, on SQLite and PostgreSQL
	@scripts/test.sh unit

e2e: ## Part of test: the browser tests, on SQLite and PostgreSQL
	@scripts/test.sh browser

api: ## Part of test: every answer is as the description of the API says, on SQLite and PostgreSQL
	@scripts/test.sh api

acceptance: ## Part of test: the unmodified ZenML server and client, on SQLite and PostgreSQL
	@scripts/test.sh zenml
