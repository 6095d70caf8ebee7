/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"

G_BEGIN_DECLS

/*
 * Whether a failed attempt is followed by another, and after how many milliseconds: only where doing it twice does no
 * harm or the step's policy allows it, and only for errors that pass by themselves. What the server asked for
 * (Retry-After) wins over the policy's delay or base_ms, which doubles with each attempt, with equal jitter.
 * params: as resolved, or NULL when that failed.
 */
gboolean heddle_retry_is_due (const HeddleStep *step, JsonNode *params, const GError *error, guint attempt, guint base_ms, guint *delay_ms);

G_END_DECLS
