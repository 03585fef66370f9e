# SPDX-License-Identifier: LGPL-2.1-or-later
# What a person types. Meson does the work, in _build/.

BUILD ?= _build
MESON_ARGS ?=
RTMP_PORT ?= 1935
HTTP_PORT ?= 8080

# The targets install, configure and build, in this order.
.NOTPARALLEL:
.PHONY: run test build install bench clean deps-build deps-run deps-test

# A gateway and a test picture, until Ctrl-C.
run: deps-run build
	@BUILD=$(BUILD) exec pipelines/demo RTMP_PORT=$(RTMP_PORT) \
	  HTTP_PORT=$(HTTP_PORT)

# Every test there is; warnings are errors.
test: deps-test $(BUILD)/build.ninja
	meson configure $(BUILD) -Dwerror=true
	ninja -C $(BUILD)
	tests/run --build $(BUILD)

build: deps-build $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja: | deps-build
	meson setup $(BUILD) $(MESON_ARGS)

# Takes DESTDIR; the prefix is meson's: make build MESON_ARGS=--prefix=/usr
install: build
	meson install -C $(BUILD) --no-rebuild

bench: deps-test build
	tests/bench/run --build $(BUILD)

clean:
	rm -rf $(BUILD) _build-asan _build-fuzz tests/e2e/node_modules

deps-build:
	@build/install-deps build

deps-run:
	@build/install-deps build runtime

deps-test:
	@build/install-deps build runtime test
