# Everything a person or a machine does with this repository. `make` alone lists it.

.DEFAULT_GOAL := help
# Stages share one target folder and two cores; they run one after the other.
.NOTPARALLEL:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

override CARGO_TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR
# The pinned tools come first; cargo-leptos looks for wasm-bindgen and wasm-opt on PATH.
export PATH := $(shell scripts/tools --print-path):$(PATH)

# --- Why nothing compiles twice -----------------------------------------------------------------------------------
#
# A plain `cargo build` beside `cargo leptos build` compiles the whole tree again, for two reasons:
#
# 1. In the dev profile cargo-leptos sets RUSTFLAGS to the user's flags plus `--cfg erase_components` (its
#    src/config/project.rs, to_envs). Cargo keeps the crates of each set of flags apart, third-party ones included.
#    So the plain cargo calls below set the same flag. It cannot simply be exported: cargo-leptos would add it again.
#    The flag itself is wanted: without it the types of whole pages grow, and with them the build time of `app`.
# 2. cargo-leptos builds the server with `--package=server`, tests are built for all members, and cargo unites
#    features over the selected packages only. libc, memchr, bitflags and reqwest then differ, and with them leptos
#    and SeaORM: 50 of 552 crates twice. So cargo-leptos builds only the browser's part in the dev profile, and the
#    server comes from cargo with the same selection everywhere. Test-only dependencies still move 29 crates, hence
#    `--bins --tests` in one call where tests follow.
#
# LEPTOS_* variables are not a reason: of those read while compiling, only LEPTOS_OUTPUT_NAME is set, to one value
# (.cargo/config.toml). `cargo leptos watch` is the exception: LEPTOS_WATCH recompiles leptos and all above it.
#
# The browser's part has a target folder of its own, as cargo-leptos wants it; clippy for it works in the same one.
# Clippy checks where tests need code, so dependencies pass the front half of the compiler once more there.

NATIVE := --workspace --exclude frontend
BROWSER := --package frontend --lib --no-default-features --target wasm32-unknown-unknown --target-dir $(CARGO_TARGET_DIR)/front
dev_cargo := env RUSTFLAGS="$(strip $(RUSTFLAGS) --cfg erase_components)" cargo
stage := @scripts/stage

# As cargo-leptos gives them to the server it starts. Hashed file names lie in hash.txt beside the binary.
serve_env := LEPTOS_OUTPUT_NAME=purser LEPTOS_SITE_ROOT="$(abspath $(or $(LEPTOS_SITE_ROOT),target/site))" LEPTOS_SITE_PKG_DIR=pkg LEPTOS_HASH_FILES=true

node_modules := end2end/node_modules/.package-lock.json
lighthouse_modules := end2end/lighthouse/node_modules/.package-lock.json

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

.PHONY: run
# The server is started here and not by `cargo leptos serve`: that one reports success when the build failed, and it
# stands between the terminal and the server. PURSER_LISTEN and PURSER_DATA_DIR are respected.
run: ## build (dev) and serve http://127.0.0.1:3000 on embedded SQLite in ./data
	@scripts/tools run
	cargo-leptos build --frontend-only --split
	$(dev_cargo) build $(NATIVE) --bin purser
	@exec env $(serve_env) "$(CARGO_TARGET_DIR)/debug/purser" serve

.PHONY: check
check: ## the inner loop: formatting, clippy, tests on SQLite; no browser
	@scripts/tools check
	@scripts/stage --begin
	$(stage) "formatting" cargo fmt --all --check
	$(stage) "clippy, native" $(dev_cargo) clippy $(NATIVE) --all-targets -- -D warnings
	$(stage) "clippy, browser" $(dev_cargo) clippy $(BROWSER) -- -D warnings
	$(stage) "unit and HTTP tests on SQLite" $(dev_cargo) test $(NATIVE) -- --skip postgres
	@scripts/stage --end

.PHONY: test
# A snapshot that differs fails, instead of leaving a file for review.
test: export INSTA_UPDATE := no
# Stories wait for disks and clocks more than they compute: more of them than cores run side by side.
test check: export RUST_TEST_THREADS ?= 6
test: ## everything that must pass: also PostgreSQL, browser journeys with axe, licences
	@scripts/tools test
	@scripts/stage --begin
	$(stage) "formatting" cargo fmt --all --check
	$(stage) "lock file fits" bash -c 'cargo metadata --locked --format-version 1 >/dev/null'
	$(stage) "bans, licences, sources" cargo-deny --log-level error check bans licenses sources
	$(stage) "clippy, native" $(dev_cargo) clippy $(NATIVE) --all-targets -- -D warnings
	$(stage) "clippy, browser" $(dev_cargo) clippy $(BROWSER) -- -D warnings
	$(stage) "build of server, fakes and tests" $(dev_cargo) build $(NATIVE) --bins --tests
	$(stage) "unit and HTTP tests on SQLite and PostgreSQL" scripts/with-postgres $(dev_cargo) test $(NATIVE)
	$(stage) "build of the browser's part" cargo-leptos build --frontend-only --split
	$(stage) "weight of the first load" $(MAKE) --no-print-directory weight
	$(stage) "npm packages of the journeys" $(MAKE) --no-print-directory $(node_modules)
	$(stage) "browser journeys" $(MAKE) --no-print-directory playwright
	@scripts/stage --end

.PHONY: faults
# The stories wait for leases, drains and time-outs more than they compute. The short version runs in `make test`.
faults: export RUST_TEST_THREADS ?= 6
faults: ## the whole fault suite with its table: many minutes; PURSER_FAULTS_SEED=n replays, ARGS=name picks
	@scripts/tools test
	@scripts/faults $(dev_cargo) test $(NATIVE)

.PHONY: journeys
journeys: ## only the browser journeys, after building what they need; ARGS='-g name' picks
	@scripts/tools test
	$(dev_cargo) build $(NATIVE) --bins --tests
	cargo-leptos build --frontend-only --split
	@$(MAKE) --no-print-directory playwright

.PHONY: playwright
playwright: $(node_modules)
	@cd end2end && npx --no-install playwright test $(ARGS)

.PHONY: pictures
pictures: $(node_modules) ## pictures of every page in end2end/results/pictures, those of the README and of the app; after `make journeys`
	@cd end2end && npx --no-install playwright test --config pictures.config.ts

$(node_modules): end2end/package.json end2end/package-lock.json
	cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci </dev/null
	@touch $@

# 200 packages of its own, which no test needs.
$(lighthouse_modules): end2end/lighthouse/package.json end2end/lighthouse/package-lock.json
	cd end2end/lighthouse && npm ci </dev/null
	@touch $@

.PHONY: conformance
conformance: ## made-up requests against the OpenAPI document, on both databases (Schemathesis from PyPI)
	$(dev_cargo) build $(NATIVE) --bins
	scripts/conformance
	scripts/with-postgres scripts/conformance

.PHONY: build
build: ## the release: target/release/purser with hash.txt beside it, and target/site/
	@scripts/tools build
	cargo-leptos build --release --precompress --split

.PHONY: weight
# A site of its own: the journeys run on the one of the dev profile.
weight: export LEPTOS_SITE_ROOT := $(CARGO_TARGET_DIR)/weighed
weight: ## the release of the browser's part, and whether what is loaded first keeps its budget
	cargo-leptos build --release --frontend-only --split
	scripts/weight.mjs "$(LEPTOS_SITE_ROOT)"

# What a person waits for is measured on the release, with a site of its own: the journeys run on that of the dev profile.
frames lighthouse: export LEPTOS_SITE_ROOT := $(CARGO_TARGET_DIR)/measured
frames lighthouse: export PURSER_BIN := $(CARGO_TARGET_DIR)/release/purser

.PHONY: frames
frames: build $(node_modules) ## frames and first words in a chat of 2,000 messages, on the release (docs/PERFORMANCE.md); leave the machine alone
	@cd end2end && npx --no-install playwright test --config figures.config.ts $(ARGS)

.PHONY: lighthouse
lighthouse: build $(node_modules) $(lighthouse_modules) ## Lighthouse 12 on sign-in and chat of the release; reports in target/lighthouse; fails below 95
	@cd end2end && npx --no-install playwright test --config lighthouse.config.ts $(ARGS)

.PHONY: bench
# fsync on, unlike in tests: a commit that is not durable would be a figure of nothing.
bench: build ## measure the release: docs/BENCHMARKS.md (ten minutes after the build; leave the machine alone meanwhile)
	cargo build --release --package fakes --package bench --bins
	"$(CARGO_TARGET_DIR)/release/bench" run --out "$(CARGO_TARGET_DIR)/bench-sqlite.md" $(ARGS)
	PURSER_POSTGRES_FSYNC=on scripts/with-postgres bash -c '"$$0" run --database-url "$$PURSER_TEST_POSTGRES_URL" --out "$$1" $(ARGS)' \
		"$(CARGO_TARGET_DIR)/release/bench" "$(CARGO_TARGET_DIR)/bench-postgres.md"
	"$(CARGO_TARGET_DIR)/release/bench" page --out docs/BENCHMARKS.md "$(CARGO_TARGET_DIR)/bench-sqlite.md" "$(CARGO_TARGET_DIR)/bench-postgres.md"

.PHONY: fmt
fmt: ## format the Rust code
	cargo fmt --all

.PHONY: clean
clean: ## remove what was built; the tools and ./data stay
	cargo clean
	rm -rf target/site end2end/results end2end/node_modules end2end/lighthouse/node_modules
