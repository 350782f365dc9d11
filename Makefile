# `make prove` and `make test` set up a fresh machine and do the rest; see Scripts/bootstrap for what is installed.
SWIFT ?= swift
export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)
# Part of the environment, so that SwiftPM reads the manifest again once libtorch is there.
export LUDUS_DEPS := $(CURDIR)/.deps

.PHONY: prove test lint format build bootstrap clean

prove: bootstrap
	$(SWIFT) build -c release --product ludus
	.build/release/ludus prove Examples/first-theorems.v

test: bootstrap
	$(SWIFT) test
	Scripts/check-consumer
	Scripts/check-docs
	Scripts/check-python

build: bootstrap
	$(SWIFT) build -c release --product ludus

bootstrap:
	@Scripts/bootstrap

lint: bootstrap
	@Scripts/lint

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Recipes Benchmarks Tests

clean:
	rm -rf .build
