# Each command is a small script under scripts/.

.PHONY: help run check test long bench screens fmt web miniprogram api

help: ## shows this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: ## installs what is missing, builds, and serves a demo district on http://127.0.0.1:8080
	@bash scripts/run.sh

check: ## what is quick: format, lints, unit tests, tests on SQLite
	@bash scripts/check.sh

test: ## everything: both databases, browser, mini-program, interface; starts its own PostgreSQL and Redis
	@bash scripts/test.sh

long: ## what takes longer
	@bash scripts/long.sh

bench: ## how fast places are given out and jobs assigned, beside other ways; a simulated week; runs
	@bash scripts/bench.sh

screens: ## a picture of every page, large, dark and in English too, in tests/screens; only="visit order" for some
	@bash scripts/screens.sh $(only)

fmt: ## formats the code
	@cargo fmt --all

web: ## builds the web page
	@bash -c '. scripts/lib.sh && web_page'

miniprogram: ## builds the folder that is uploaded to WeChat, and says its sizes
	@bash scripts/miniprogram.sh

api: ## writes openapi.json and the mini-program's types anew
	@bash scripts/api-types.sh
