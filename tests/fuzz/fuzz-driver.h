/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Each target defines it; any input at all must be survived, and what it promises asserted. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
