# What a developer runs. `make help` lists the targets.
SHELL := /bin/bash
GO ?= go
export GOFLAGS ?= -buildvcs=false
TOOLS := $(GO) tool -modfile=tools/lint/go.mod

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: demo
demo: ## run a whole deal on the embedded stack
	$(GO) run ./cmd/cession demo

.PHONY: test
test: tools vet contracts unit slim ## run all tests; installs what they need

.PHONY: tools
tools: ## install what the tests need: the contracts' toolchain, PostgreSQL, promtool, poppler, tcpdump
	@test -x contracts/node_modules/.bin/anvil || (cd contracts && npm ci --no-audit --no-fund)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ./tools/install postgresql
	@command -v promtool >/dev/null || test -x bin/promtool || ./tools/install promtool
	@command -v pdftoppm >/dev/null || ./tools/install poppler-utils
	@command -v tcpdump >/dev/null && command -v ip >/dev/null || ./tools/install tcpdump iproute2

.PHONY: vet
vet: ## check formatting and vet
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || (gofmt -l $$(git ls-files '*.go'); echo "run gofmt -w on these"; exit 1)
	$(GO) vet ./...

.PHONY: contracts
contracts: ## rebuild, compare and test the contracts
	./contracts/test.sh

.PHONY: unit
unit: ## all Go tests; those that start the real processes on their own, as they fill the machine; three wait for blocks side by side
	$(GO) test -timeout 20m $$($(GO) list ./... | grep -v /cmd/)
	$(GO) test -timeout 40m -parallel 3 ./cmd/...

.PHONY: slim
slim: ## build the binary that nodes ship, without the embedded servers
	$(GO) build -tags slim -o bin/cession-slim ./cmd/cession

.PHONY: race
race: ## Go tests of the concurrent parts under the race detector
	$(GO) test -race ./deal ./workflows ./activities ./desk ./node/... ./chain/lane

.PHONY: generate
generate: ## write docs/steps.md and the life of a deal from the plan; artifacts and bindings from the contracts
	$(GO) run ./tools/steps
	./contracts/build.sh

.PHONY: histories
histories: ## record workflow histories of every exit as replay fixtures
	$(GO) test ./cmd/cession -run TestRecordedHistories -update -parallel 6 -timeout 20m

.PHONY: crash-matrix
crash-matrix: ## the long run of crashes and storms: SEEDS=20000 make crash-matrix
	CESSION_SEEDS=$${SEEDS:-20000} $(GO) test -timeout 6h -v -run 'TestCrashMatrix|TestStorm' ./chain ./chain/lane

.PHONY: handover-matrix
handover-matrix: ## a 2 GiB handover, both nodes killed at every chunk boundary and at random: takes an hour and 10 GB of disk
	CESSION_HANDOVER_MIB=$${MIB:-2048} $(GO) test -timeout 6h -v -run TestHandoverKilled ./node

.PHONY: bench-lanes
bench-lanes: ## lanes beside a bare loop over go-ethereum's client, on the embedded chain
	$(GO) test -run '^$$' -bench BenchmarkLanes -benchtime 256x -timeout 30m ./cmd/cession

.PHONY: lint
lint: ## staticcheck and workflowcheck, pinned in tools/lint
	$(TOOLS) workflowcheck ./workflows
	$(TOOLS) staticcheck $$($(GO) list ./... | grep -v chain/bind) # generated

.PHONY: bench
bench: ## benchmarks
	$(GO) test -run '^$$' -bench . -timeout 30m ./deal ./policies/... ./chain/lane ./node/...
