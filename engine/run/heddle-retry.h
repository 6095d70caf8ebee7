/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/* All attempts at a node, the first included. */
#define HEDDLE_RETRY_MAX_ATTEMPTS 3

/*
 * Whether a failed attempt is followed by another, and after how many milliseconds: only where
 * doing it twice does no harm, and only for errors that pass by themselves. What the server asked for
 * (Retry-After) wins over base_ms, which doubles with each attempt, with equal jitter.
 */
gboolean heddle_retry_is_due (const HeddleNodeType *type, JsonNode *params, const GError *error, guint attempt, guint base_ms, guint *delay_ms);

G_END_DECLS
