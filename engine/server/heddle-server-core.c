/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "heddle-error.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store-activation.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <unistd.h>

#define MAX_PARALLEL 64
#define MAX_WAITING 256
#define MAX_BODY (10 * 1024 * 1024)
#define TIMEOUT_MS 15000
#define REQUESTS_PER_SECOND 200
#define BURST_SECONDS 10
/* How often it is looked for what is due, and what other processes changed. */
#define TICK_MS 1000
/* What closed connections need to be let go of. */
#define MAX_DRAIN 10000

static gint64
get_time (gpointer data)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
fill_in (HeddleServerOptions *options)
{
  options->max_parallel = options->max_parallel != 0 ? options->max_parallel : MAX_PARALLEL;
  options->max_waiting = options->max_waiting != 0 ? options->max_waiting : MAX_WAITING;
  options->max_body = options->max_body != 0 ? options->max_body : MAX_BODY;
  options->timeout_ms = options->timeout_ms != 0 ? options->timeout_ms : TIMEOUT_MS;
  options->requests_per_second = options->requests_per_second != 0 ? options->requests_per_second : REQUESTS_PER_SECOND;
  options->now = options->now != NULL ? options->now : get_time;
}

static void
copy_options (HeddleServerOptions *options)
{
  g_object_ref (options->engine);
  if (options->store != NULL)
    g_object_ref (options->store);
  if (options->secrets != NULL)
    g_object_ref (options->secrets);
  options->program = g_strdup (options->program != NULL ? options->program : "heddle");
  options->address = g_strdup (options->address);
  options->token = g_strdup (options->token);
}

/* What was not said is as it is set now, which a person may change between two starts. */
static void
apply_settings (HeddleServerCore *self)
{
  g_auto (HeddleServerSettings) settings = { 0 };
  guint per_second = self->options.requests_per_second;

  heddle_server_load_settings (self->options.store, &settings);
  self->port = self->options.port < 0 ? settings.port : self->options.port;
  g_free (self->address);
  self->address = self->options.address != NULL ? g_strdup (self->options.address) : g_steal_pointer (&settings.address);
  g_clear_pointer (&self->guard, heddle_guard_free);
  self->guard = heddle_guard_new (self->address, per_second, per_second * BURST_SECONDS);
}

HeddleServerCore *
heddle_server_core_new (const HeddleServerOptions *options)
{
  HeddleServerCore *self = g_new0 (HeddleServerCore, 1);

  self->options = *options;
  copy_options (&self->options);
  fill_in (&self->options);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->connections = g_hash_table_new (NULL, NULL);
  self->catalog = heddle_catalog_new (options->store);
  for (guint i = 0; options->plans != NULL && i < options->plans->len; i++)
    heddle_catalog_add (self->catalog, g_ptr_array_index (options->plans, i));
  self->timetable = heddle_timetable_new ();
  self->runs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) heddle_served_run_unref);
  self->replayed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->ended);
  g_queue_init (&self->waiting);
  return self;
}

void
heddle_server_core_free (HeddleServerCore *self)
{
  g_hash_table_unref (self->runs);
  g_hash_table_unref (self->replayed);
  g_hash_table_unref (self->connections);
  heddle_catalog_free (self->catalog);
  g_clear_pointer (&self->guard, heddle_guard_free);
  g_free (self->address);
  heddle_timetable_free (self->timetable);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->url);
  g_free (self->token);
  g_object_unref (self->options.engine);
  g_clear_object (&self->options.store);
  g_clear_object (&self->options.secrets);
  g_free ((char *) self->options.program);
  g_free ((char *) self->options.address);
  g_free ((char *) self->options.token);
  g_free (self);
}

static void
early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  heddle_server_core_got_head (data, message);
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  heddle_server_core_got_request (data, message);
}

static void
set_state (HeddleServerCore *self, HeddleServerState state, const char *message)
{
  self->state = state;
  self->changed (self, state, message);
}

static void
leave_to (HeddleServerCore *self, const HeddleServing *other)
{
  g_autofree char *message = NULL;

  if (self->state == HEDDLE_SERVER_ELSEWHERE && g_strcmp0 (self->url, other->address) == 0)
    return;
  g_free (self->url);
  self->url = g_strdup (other->address);
  message = g_strdup_printf (_ ("“%s” (process %" PRId64 ") serves the active workflows at %s."), other->program, other->process, other->address);
  set_state (self, HEDDLE_SERVER_ELSEWHERE, message);
}

/* FALSE: told. Another process on the same database serves all there is to serve. */
static gboolean
claim (HeddleServerCore *self)
{
  g_autoptr (HeddleServing) other = NULL;
  g_autoptr (GError) error = NULL;

  if (self->options.store == NULL || heddle_store_claim_serving (self->options.store, self->options.program, self->url, &other, &error))
    return TRUE;
  if (other != NULL)
    leave_to (self, other);
  else
    set_state (self, HEDDLE_SERVER_FAILED, error->message);
  return FALSE;
}

/* Before the port is tried: who has it may be the one who serves. */
static gboolean
is_served_elsewhere (HeddleServerCore *self)
{
  g_autoptr (HeddleServing) serving = self->options.store != NULL ? heddle_store_get_serving (self->options.store) : NULL;

  if (serving == NULL || serving->process == getpid ())
    return FALSE;
  leave_to (self, serving);
  return TRUE;
}

static gboolean
load_token (HeddleServerCore *self, GError **error)
{
  g_free (self->token);
  self->token = self->options.token != NULL ? g_strdup (self->options.token) : heddle_server_token_load (self->options.store, error);
  return self->token != NULL;
}

static void
open_server (HeddleServerCore *self)
{
  g_autoptr (GError) error = NULL;

  if (is_served_elsewhere (self))
    return;
  self->soup = soup_server_new ("server-header", "heddle", "raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->soup, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  if (!load_token (self, &error) || !heddle_server_core_listen (self, &error))
    {
      g_clear_object (&self->soup);
      set_state (self, HEDDLE_SERVER_FAILED, error->message);
      return;
    }
  if (!claim (self))
    {
      heddle_server_core_unlisten (self);
      g_clear_object (&self->soup);
      return;
    }
  heddle_server_core_set_timetable (self);
  set_state (self, HEDDLE_SERVER_RUNNING, NULL);
}

void
heddle_server_core_refresh (HeddleServerCore *self)
{
  g_autoptr (GError) error = NULL;
  gboolean changed;

  if (!heddle_catalog_refresh (self->catalog, &changed, &error))
    {
      g_warning ("The active workflows cannot be read: %s", error->message);
      return;
    }
  if (!changed || self->state != HEDDLE_SERVER_RUNNING)
    return;
  heddle_server_core_set_timetable (self);
  self->changed (self, self->state, NULL);
}

static gboolean
tick_cb (gpointer data)
{
  HeddleServerCore *self = data;

  if (self->state == HEDDLE_SERVER_ELSEWHERE)
    open_server (self);
  heddle_server_core_refresh (self);
  if (self->state == HEDDLE_SERVER_RUNNING)
    heddle_server_core_run_due (self);
  return G_SOURCE_CONTINUE;
}

static void
close_connections (HeddleServerCore *self)
{
  g_autoptr (GList) connections = g_hash_table_get_values (self->connections);

  for (GList *link = connections; link != NULL; link = link->next)
    heddle_connection_close (link->data);
}

static void
close_server (HeddleServerCore *self)
{
  gboolean was_running = self->state == HEDDLE_SERVER_RUNNING;

  heddle_server_core_unlisten (self);
  close_connections (self);
  heddle_served_runs_forget (self);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  for (guint i = 0; i < MAX_DRAIN && g_main_context_iteration (self->context, FALSE); i++)
    continue;
  g_clear_object (&self->soup);
  if (was_running && self->options.store != NULL)
    heddle_store_release_serving (self->options.store);
}

void
heddle_server_core_run (HeddleServerCore *self)
{
  g_main_context_push_thread_default (self->context);
  apply_settings (self);
  self->tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, self->context);
  heddle_server_core_refresh (self);
  open_server (self);
  g_main_loop_run (self->loop);
  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  close_server (self);
  set_state (self, HEDDLE_SERVER_STOPPED, NULL);
  g_main_context_pop_thread_default (self->context);
}
