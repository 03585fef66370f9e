# SPDX-License-Identifier: LGPL-2.1-or-later
# What a person types. Meson does the work, in _build/.

BUILD ?= _build
MESON_ARGS ?=
RTMP_PORT ?= 1935
HTTP_PORT ?= 8080
DOCKER ?= docker
IMAGE ?= gst-rtmp-webrtc
SUITES ?= bookworm trixie
ARCH ?=

# The targets install packages, configure and build, in this order; build alone
# installs none.
.NOTPARALLEL:
.PHONY: run test build install bench clean deps deps-test deb docker-build \
  docker-check docker-run docker-run-test docker-build-streamer

# A gateway and a test picture, until Ctrl-C.
run: deps build
	@BUILD=$(BUILD) exec pipelines/demo RTMP_PORT=$(RTMP_PORT) \
	  HTTP_PORT=$(HTTP_PORT)

# Every test there is; warnings are errors.
test: deps-test $(BUILD)/build.ninja
	meson configure $(BUILD) -Dwerror=true
	ninja -C $(BUILD)
	tests/run --build $(BUILD)

build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	meson setup $(BUILD) $(MESON_ARGS) || \
	  { echo 'make deps installs what is missing.' >&2; exit 1; }

# Takes DESTDIR; the prefix is meson's: make build MESON_ARGS=--prefix=/usr
install: build
	meson install -C $(BUILD) --no-rebuild

# Chromium is driven by what the end-to-end tests drive it by.
bench: deps-test build tests/e2e/node_modules
	tests/bench/run --build $(BUILD)

tests/e2e/node_modules:
	npm --prefix tests/e2e ci --ignore-scripts --no-audit --no-fund

# The Debian packages of HEAD, built in a clean root of each suite, as root; for
# another machine than this with ARCH=arm64. They are left in _build/deb/.
deb:
	build/deb $(BUILD)/deb $(SUITES:%=%$(ARCH:%=-%))

# The image of the gateway, and the one it was built in and can be tested in.
docker-build:
	$(DOCKER) build -f build/Dockerfile --target build -t $(IMAGE):build .
	$(DOCKER) build -f build/Dockerfile -t $(IMAGE) .

# A gateway at the usual ports, until Ctrl-C. ADVERTISE=ADDRESS[,ADDRESS …] for
# viewers that use a host name.
docker-run: docker-build
	$(DOCKER) run --rm --init -p 1935:1935/tcp -p 8080:8080/tcp \
	  -p 8080:8080/udp -e ADVERTISE=$(ADVERTISE) $(IMAGE)

# Every test, inside. Browsers want shared memory, and Firefox a network of its
# own: to make one takes these capabilities, and mounts that AppArmor forbids.
docker-run-test: docker-build
	$(DOCKER) run --rm --init --shm-size=1g --cap-add=NET_ADMIN \
	  --cap-add=SYS_ADMIN --security-opt=apparmor=unconfined \
	  $(IMAGE):build tests/run

# Every codec, in the small image: as root, with a build of the tree.
docker-check: build
	tests/image --build $(BUILD)

# The streamer, built inside; it is left in _build-docker/pipelines/.
docker-build-streamer: docker-build
	$(DOCKER) run --rm --init --user $$(id -u):$$(id -g) \
	  -v $(CURDIR):/tree -w /tree $(IMAGE):build \
	  make build BUILD=_build-docker

clean:
	rm -rf $(BUILD) _build-asan _build-docker _build-fuzz _build-tsan \
	  tests/e2e/node_modules

# Debian's packages that building and running need, and those of the tests; what
# is missing is installed as root.
deps:
	@build/install-deps build runtime

deps-test:
	@build/install-deps build runtime test
