# SPDX-License-Identifier: GPL-3.0-or-later
# A thin door to meson: `make run` and `make test` do all set-up, on a fresh Debian 12 too.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
SETUP_FLAGS ?=
TEST_FLAGS ?=

INSTALL_PACKAGES = ./data/packages/install
EXAMPLE = data/examples/support-triage.heddle.json

# Settings and translations are found beside the build, before any install.
export GSETTINGS_SCHEMA_DIR := $(CURDIR)/$(BUILD)/data
export HEDDLE_LOCALEDIR := $(CURDIR)/$(BUILD)/po

.PHONY: all run test bench install uninstall clean format potfiles check-asan check-tsan screenshots packages test-packages

all: packages $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	meson setup $(BUILD) --prefix '$(PREFIX)' $(SETUP_FLAGS)

# Without a display the main job is still to be seen: the example runs in the terminal.
run: packages $(BUILD)/build.ninja
	ninja -C $(BUILD) programs heddle-gmo
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
	$(BUILD)/app/heddle
else
	$(BUILD)/app/heddle run $(EXAMPLE)
endif

test: test-packages all
	@tests/support/mcp/install $(BUILD)/mcp-servers
	@python3 tests/run-tests.py $(BUILD) $(TEST_FLAGS)

# BENCH=chain measures only what has that word in its name.
bench: all
	@python3 -B tests/bench/report.py $(BUILD) $(BENCH)

install: all
	meson configure $(BUILD) --prefix '$(PREFIX)'
	DESTDIR='$(DESTDIR)' meson install -C $(BUILD)

uninstall:
	ninja -C $(BUILD) uninstall

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan

format:
	clang-format -i $$(find app engine ui tests -name '*.[ch]')

potfiles:
	python3 tests/lint/check-potfiles.py --update

# The pictures of README and metainfo; look at them before they are committed. And every look, to be looked at only.
screenshots: test-packages all
	@mkdir -p data/screenshots
	tests/ui/make-screenshots $(BUILD) data/screenshots
	tests/ui/make-looks $(BUILD) $(BUILD)/screenshots/looks

# Each sanitizer has a build of its own; the engine runs under both, the widgets under the first. The scripts that
# drive the whole window wait for it as a person would, which is not for how long it slows everything down.
check-asan: test-packages $(BUILD)-asan/build.ninja
	ninja -C $(BUILD)-asan
	@python3 tests/run-tests.py $(BUILD)-asan -t 5 --no-suite lint --no-suite data --no-suite e2e $(TEST_FLAGS)

check-tsan: test-packages $(BUILD)-tsan/build.ninja
	ninja -C $(BUILD)-tsan
	@python3 tests/run-tests.py $(BUILD)-tsan -t 10 --suite unit --suite nodes --suite integration $(TEST_FLAGS)

$(BUILD)-asan/build.ninja:
	meson setup $(BUILD)-asan -Db_sanitize=address,undefined

$(BUILD)-tsan/build.ninja:
	meson setup $(BUILD)-tsan -Db_sanitize=thread

packages:
	@$(INSTALL_PACKAGES) data/packages/build

test-packages:
	@$(INSTALL_PACKAGES) data/packages/build data/packages/test $(if $(shell command -v npm),,data/packages/npm)
