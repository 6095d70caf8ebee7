/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-ready-queue.h"

G_BEGIN_DECLS

/* Named pools of slots, shared by all runs of an engine: steps that say so run only as many at once. First come, first served. Engine thread. */
typedef struct _HeddlePools HeddlePools;

HeddlePools *heddle_pools_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_pools_free (HeddlePools *self);
/*
 * Takes a slot of the pool, which has this many. FALSE: there is none, and the step is queued again by heddle_scope_run_enqueue (), with
 * has_pool set, once there is.
 */
gboolean heddle_pools_take (HeddlePools *self, const char *pool, guint size, HeddleScopeRun *scope, guint index);
void heddle_pools_give (HeddlePools *self, const char *pool);

G_END_DECLS
