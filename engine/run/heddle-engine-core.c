/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-engine-core.h"

#include "knowledge/heddle-knowledge.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"
#include "provider/heddle-limits.h"
#include "run/heddle-scheduler.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store.h"
#include "tool/heddle-mcp-servers.h"

/* More than enough for what blocks; a call to a model never takes a thread. */
#define MAX_THREADS 32
#define DEFAULT_MAX_RUNNING 64
#define DEFAULT_RETRY_BASE_MS 500

typedef struct
{
  void (*func) (gpointer data);
  gpointer data;
} Job;

static void
job_thread (gpointer data, gpointer user_data)
{
  g_autofree Job *job = data;

  job->func (job->data);
}

static void
ref_services (HeddleEngineServices *services)
{
  if (services->store != NULL)
    g_object_ref (services->store);
  if (services->models != NULL)
    g_object_ref (services->models);
  if (services->knowledge != NULL)
    g_object_ref (services->knowledge);
  if (services->memory != NULL)
    g_object_ref (services->memory);
  if (services->secrets != NULL)
    g_object_ref (services->secrets);
  if (services->mcp_servers != NULL)
    g_object_ref (services->mcp_servers);
}

HeddleEngineCore *
heddle_engine_core_new (const HeddleEngineServices *services)
{
  HeddleEngineCore *self = g_atomic_rc_box_new0 (HeddleEngineCore);

  self->context = g_main_context_new ();
  if (services != NULL)
    self->services = *services;
  ref_services (&self->services);
  if (self->services.max_running == 0)
    self->services.max_running = DEFAULT_MAX_RUNNING;
  if (self->services.retry_base_ms == 0)
    self->services.retry_base_ms = DEFAULT_RETRY_BASE_MS;
  self->pools = heddle_pools_new ();
  self->limits = self->services.models != NULL ? heddle_limits_ref (heddle_models_get_limits_table (self->services.models)) : heddle_limits_new (self->services.store);
  self->pool = g_thread_pool_new (job_thread, NULL, MAX_THREADS, FALSE, NULL);
  self->schedulers = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_scheduler_unref);
  return self;
}

HeddleEngineCore *
heddle_engine_core_ref (HeddleEngineCore *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleEngineCore *self = data;

  g_assert (self->pool == NULL && self->http == NULL);

  g_clear_object (&self->services.store);
  g_clear_object (&self->services.models);
  g_clear_object (&self->services.knowledge);
  g_clear_object (&self->services.memory);
  g_clear_object (&self->services.secrets);
  g_clear_object (&self->services.mcp_servers);
  heddle_pools_free (self->pools);
  heddle_limits_unref (self->limits);
  g_clear_error (&self->write_error);
  g_ptr_array_unref (self->schedulers);
  g_main_context_unref (self->context);
}

void
heddle_engine_core_unref (HeddleEngineCore *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

HeddleHttp *
heddle_engine_core_get_http (HeddleEngineCore *self)
{
  if (self->http == NULL)
    self->http = heddle_http_new ();
  return self->http;
}

void
heddle_engine_core_push (HeddleEngineCore *self, void (*func) (gpointer data), gpointer data)
{
  Job *job;

  if (self->pool == NULL)
    {
      func (data);
      return;
    }
  job = g_new (Job, 1);
  job->func = func;
  job->data = data;
  g_thread_pool_push (self->pool, job, NULL);
}

void
heddle_engine_core_stop_pool (HeddleEngineCore *self)
{
  GThreadPool *pool = g_steal_pointer (&self->pool);

  if (pool != NULL)
    g_thread_pool_free (pool, FALSE, TRUE);
}
