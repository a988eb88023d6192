SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: bootstraps help bench drain run demo env reset test pages lint proof mutants conformance load pictures build deploy deployable generate vendor clean FORCE

# Functions are built without C, as on AWS, and all else that needs none with them: one cache for all but the race detector.
export CGO_ENABLED := 0

PARAMS ?=
LIMITS ?=
SPEED ?=
RUNTIME ?=
FAULTS ?=
DATA ?= .data
PORT_PAGE ?= 8080
PORT_DASHBOARD ?= 8081
PORT_API ?= 8082
PORT_AWS ?= 8083

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 3m
FUZZED := internal/wire:FuzzDecode internal/wire:FuzzDecode_forged infra/local/cloudwatch:FuzzServeHTTP infra/local/template:FuzzLoad \
	infra/local/template:FuzzLoadForeign infra/local/schedule:FuzzParse \
	infra/local/gateway:FuzzHandshake infra/local/gateway:FuzzFrames infra/local/gateway:FuzzManagement infra/local/gateway:FuzzCalls
FUNCTIONS := $(patsubst lambdas/%/main.go,%,$(wildcard lambdas/*/main.go))

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {gsub(/[$$][$$]/, "$$"); printf "  make %-11s %s\n", $$1, $$2} sub(/^#: /, "") {printf "  %-16s   %s\n", "", $$0}' Makefile

run: dist/local $(if $(RUNTIME),bootstraps) ## everything on this machine
#: PARAMS="Name=value ..."  parameters of the template
#: DATA=folder              where data and logs are kept, instead of .data
#: PORT_PAGE=8080 PORT_DASHBOARD=8081 PORT_API=8082 PORT_AWS=8083
#: LIMITS=aws               refuses what is over an account's rates
#: SPEED=120                connections' 10 minutes and 2 hours pass so many times as fast
#: RUNTIME=process          functions in processes of their own, as in Lambda
#: FAULTS="push-410=0.05"   what goes wrong on purpose
	@.ci/need node
	@exec dist/local -data '$(DATA)' -port-page $(PORT_PAGE) -port-dashboard $(PORT_DASHBOARD) -port-api $(PORT_API) -port-aws $(PORT_AWS) $(LIMITS:%=-limits '%') $(SPEED:%=-speed '%') $(RUNTIME:%=-runtime '%') $(FAULTS:%=-fault '%') $(PARAMS:%=-param '%')

dist/local: FORCE
	@.ci/need go
	@test -e $@ || echo "Building (the first time takes a minute)"
	@go build -o $@ ./infra/local

demo: ## people who talk, for what runs
#: DEMO="-for 60s"          for how long (DEMO=-h lists more)
	@.ci/need go
	@go build -o dist/demo ./infra/local/demo
	@exec dist/demo $(DEMO)

env: ## addresses of what runs, for a shell: eval "$$(make -s env)"
	@test -e '$(DATA)/env' && ! flock -n '$(DATA)/lock' true || { echo "Nothing runs on $(DATA): make run" >&2; exit 1; }
	@cat '$(DATA)/env'

reset: ## forget all local data and logs
	@mkdir -p '$(DATA)'
	@flock -n '$(DATA)/lock' true || { echo "$(DATA) is in use by process $$(cat '$(DATA)/lock'): end that run first" >&2; exit 1; }
	@flock -n '$(DATA)/lock' find '$(DATA)' -mindepth 1 ! -name lock -delete

test: ## vet, and every test: Go under the race detector, then both pages in Node.js and Chromium
	@.ci/need go node gcc websockets chromium modules
	go vet ./...
	CGO_ENABLED=1 go test -race -shuffle=on -vet=off ./...
	@$(MAKE) --no-print-directory bootstraps
	CGO_ENABLED=1 go test -race -vet=off -run '^TestSystem$$/^together$$/^resume$$' ./infra/local/system -bootstraps '$(CURDIR)/dist/host'
	@$(MAKE) --no-print-directory pages

pages: dist/local ## the tests of both pages alone
	@.ci/need node chromium modules
	cd web && node --test --test-reporter=spec test/unit/*.test.js
	cd web && SWITCHBOARD_LOCAL='$(CURDIR)/dist/local' node --test --test-concurrency=2 --test-timeout=1200000 --test-reporter=spec test/browser/*.test.js

lint: ## formatting and static checks
	@.ci/need go
	@unformatted=$$(gofmt -l admin infra internal lambdas static web); test -z "$$unformatted" || { echo "gofmt -w $$unformatted"; exit 1; }
	go vet ./...
	go run $(GOLANGCI) run
	@before=$$(cat admin/views/*_templ.go | sha256sum) && { said=$$($(MAKE) -s generate 2>&1) || { echo "$$said"; exit 1; }; } && \
	{ test "$$before" = "$$(cat admin/views/*_templ.go | sha256sum)" || { echo "admin/views/*_templ.go were not up to date: make generate has made them anew"; exit 1; }; }

proof: ## an hour: fuzzing, benchmarks, tests again and again and over processes, long scenarios with faults, mutants
#: FUZZTIME=10m             fuzzes each target that long, instead of 3 minutes
	@.ci/need go node gcc websockets
	@for target in $(FUZZED); do \
		echo "$$target for $(FUZZTIME)" && go test -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x "./$${target%%:*}" || exit 1; \
	done
	go test -run '^$$' -bench . -benchmem ./...
	go run ./infra/local/gateway/speed
	CGO_ENABLED=1 go test -race -shuffle=on -count=5 ./internal/... ./infra/local/system
	@$(MAKE) --no-print-directory bootstraps
	go test -count=1 ./infra/local/system -bootstraps '$(CURDIR)/dist/host'
	CGO_ENABLED=1 go test -race -count=1 -v -timeout 60m ./infra/local/proof -long
	@$(MAKE) --no-print-directory mutants

mutants: ## ten minutes: known defects, put back into a copy one by one: which test sees each
#: MUTANTS=-only=recipe     those whose name begins so
	@.ci/need go node
	go run ./infra/local/mutants $(MUTANTS)

conformance: ## the local gateway against what API Gateway does, case by case
#: CONFORMANCE=-h           says how to ask a stage in AWS instead
	@.ci/need go
	@go run ./infra/local/gateway/conformance $(CONFORMANCE)

load: ## measure what runs, with make run PARAMS="MessageRate=0 RoomPosts=0" for more than the template lets in
#: LOAD="-clients 100 -rate 20/s"  who and how fast (LOAD=-h lists more)
	@.ci/need go
	@go run ./infra/local/load $(LOAD)

bench: dist/local ## the whole beside a bare WebSocket server, in rooms of 10 to 2,000, what the CPU is used for, and the time to the last member on AWS
#: BENCH="-rooms 10000"     other sizes (BENCH=-h lists more)
	@.ci/need go node
	@go build -o dist/load ./infra/local/load && go build -o dist/bench ./infra/local/bench
	@dist/bench $(BENCH)
	@go run ./infra/local/gateway/speed
	@go test ./internal/chat -count=1 -run TestSimulation -v >dist/simulation || { cat dist/simulation; exit 1; }; grep -v '^[=-]' dist/simulation

pictures: dist/local ## the pictures of both pages for README, and one of every size to look at
	@.ci/need node chromium modules
	@go build -o dist/demo ./infra/local/demo
	@cd web && SWITCHBOARD_LOCAL='$(CURDIR)/dist/local' SWITCHBOARD_DEMO='$(CURDIR)/dist/demo' node tools/pictures.js '$(CURDIR)/.pictures'

build: $(FUNCTIONS:%=dist/%.zip) ## the functions' zip files for AWS, in dist/

# For this machine, where Lambda's are for its own.
bootstraps: $(FUNCTIONS:%=dist/host/%/bootstrap)
dist/host/%/bootstrap: FORCE
	@.ci/need go
	@go build -tags lambda.norpc -ldflags="-s -w" -o $@ ./lambdas/$*

# The same source gives the same bytes: no paths, no version control, one fixed time.
dist/%.zip: FORCE
	@.ci/need go zip
	@mkdir -p dist/$*
	GOOS=linux GOARCH=arm64 go build -trimpath -buildvcs=false -tags lambda.norpc -ldflags='-s -w' -o dist/$*/bootstrap ./lambdas/$*
	@chmod 755 dist/$*/bootstrap && TZ=UTC touch -t 198001010000 dist/$*/bootstrap
	@rm -f $@ && cd dist/$* && TZ=UTC zip -qX ../$*.zip bootstrap

# The prefix is made from the code, so that CloudFormation updates functions when that has changed, and only then.
deploy: deployable build ## to AWS
#: BUCKET=name              where the code goes; it must be there
#: STACK=name               instead of switchboard-dev
#: PARAMS="Name=value ..."  parameters of the template
	@prefix=switchboard/$$(cat dist/*.zip | sha256sum | cut -c1-16)/ && \
	for zip in dist/*.zip; do aws s3 cp --only-show-errors $$zip "s3://$(BUCKET)/$$prefix" || exit 1; done && \
	aws cloudformation deploy --template-file infra/template.yaml --stack-name $(or $(STACK),switchboard-dev) --capabilities CAPABILITY_IAM \
		--s3-bucket $(BUCKET) --s3-prefix $${prefix%/} \
		--parameter-overrides CodeBucket=$(BUCKET) CodePrefix=$$prefix $(PARAMS:%='%')
	@rm -rf dist/page && mkdir -p dist/page/web && cp web/index.html dist/page/ && cp -R web/css web/js web/protocol.schema.json dist/page/web/ && \
	cp -R static dist/page/ && rm -f dist/page/static/*.go
	@output() { \
		aws cloudformation describe-stacks --stack-name $(or $(STACK),switchboard-dev) --query "Stacks[0].Outputs[?OutputKey=='$$1'].OutputValue" --output text; \
	} && output PageConfig >dist/page/config.json && \
	aws s3 sync --only-show-errors --delete --cache-control no-cache dist/page "s3://$$(output PageBucketName)" && \
	echo "Page       $$(output PageAddress)" && dashboard=$$(output DashboardFunctionURL) && echo "Dashboard  $${dashboard%/}"

deployable:
	@.ci/need aws
	@test -n '$(BUCKET)' || { echo "Say where the code goes: make deploy BUCKET=name-of-an-S3-bucket" >&2; exit 1; }

drain: ## before what runs on AWS goes away: send everybody off, and spread their return (STACK=name)
	@.ci/need aws
	@mkdir -p dist && \
	name=$$(aws cloudformation describe-stacks --stack-name $(or $(STACK),switchboard-dev) --query "Stacks[0].Outputs[?OutputKey=='DrainFunctionName'].OutputValue" --output text) && \
	failed=$$(aws lambda invoke --function-name "$$name" --cli-read-timeout 310 --query FunctionError --output text dist/drained.json) && \
	cat dist/drained.json && echo && \
	{ test "$$failed" = None || { echo "Not everybody was sent off: $$failed" >&2; exit 1; }; }

generate: ## the Go code of the dashboard's views
	go run github.com/a-h/templ/cmd/templ@$$(go list -m -f '{{.Version}}' github.com/a-h/templ) generate -path admin/views

vendor: ## static/vendor and static/fonts from the packages that web/package.json names
	@.ci/need node modules
	cd web && node tools/vendor.js

clean: ## remove what was built
	rm -rf dist

FORCE:
