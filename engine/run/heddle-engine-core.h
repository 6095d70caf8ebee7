/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-pools.h"
#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/*
 * What all runs of one engine share. Refcounted apart from HeddleEngine, so that a late callback of a
 * cancelled node still finds it. Engine thread only, except for ref, unref and push.
 */
typedef struct
{
  GMainContext *context;
  HeddleEngineServices services;
  HeddleHttp *http;      /* made when first asked for */
  HeddlePools *pools;    /* of steps that share slots, across runs */
  HeddleLimits *limits;  /* of requests, across runs; those of the models where there are some */
  GThreadPool *pool;     /* NULL after stop */
  GError *write_error;   /* why nothing can be stored now; or NULL */
  GPtrArray *schedulers; /* of the runs that have not ended; owned */
} HeddleEngineCore;

HeddleEngineCore *heddle_engine_core_new (const HeddleEngineServices *services) G_GNUC_WARN_UNUSED_RESULT;
HeddleEngineCore *heddle_engine_core_ref (HeddleEngineCore *self);
void heddle_engine_core_unref (HeddleEngineCore *self);

HeddleHttp *heddle_engine_core_get_http (HeddleEngineCore *self);
/* Calls func (data) in the thread pool, after a stop at once. */
void heddle_engine_core_push (HeddleEngineCore *self, void (*func) (gpointer data), gpointer data);
/* Waits for the thread pool, whose results then wait in the context. */
void heddle_engine_core_stop_pool (HeddleEngineCore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEngineCore, heddle_engine_core_unref)

G_END_DECLS
