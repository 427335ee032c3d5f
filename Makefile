# Two commands: `make run` starts Sapa with demonstration data, `make test` runs
# every check. cmd/dev does the work and explains itself.

export PATH := $(PATH):/usr/local/go/bin

.PHONY: run test databases clean

# Built and then executed in place of the shell, not by `go run`, which would
# keep a SIGTERM to itself.
run test databases clean:
	@go build -trimpath -buildvcs=false -o bin/dev ./cmd/dev
	@exec bin/dev $@
