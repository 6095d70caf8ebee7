/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "store/heddle-store.h"

#include <string.h>

struct _HeddleServer
{
  GObject parent_instance;

  HeddleServerCore *core;
  GThread *thread; /* NULL unless it was started */
  GMainContext *context;
  HeddleServerState state;
  char *url;
  char *message;
  char *token;
  GHashTable *problems; /* workflow → text */
};

G_DEFINE_FINAL_TYPE (HeddleServer, heddle_server, G_TYPE_OBJECT)

G_DEFINE_BOXED_TYPE (HeddleServerRequest, heddle_server_request, heddle_server_request_copy, heddle_server_request_free)

enum
{
  CHANGED,
  REQUEST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

HeddleServerRequest *
heddle_server_request_copy (const HeddleServerRequest *request)
{
  HeddleServerRequest *copy = g_memdup2 (request, sizeof *request);

  copy->method = g_strdup (request->method);
  copy->path = g_strdup (request->path);
  copy->client = g_strdup (request->client);
  copy->workflow = g_strdup (request->workflow);
  copy->run = g_strdup (request->run);
  return copy;
}

void
heddle_server_request_free (HeddleServerRequest *request)
{
  if (request == NULL)
    return;
  g_free (request->method);
  g_free (request->path);
  g_free (request->client);
  g_free (request->workflow);
  g_free (request->run);
  g_free (request);
}

static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

/* News on its way from the thread to the owner's context. */
typedef struct
{
  GWeakRef *owner;
  HeddleServerRequest *request; /* or, of the state: */
  HeddleServerState state;
  char *url;
  char *message;
  char *token;
  GHashTable *problems;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_weak_ref_clear (news->owner);
  g_free (news->owner);
  heddle_server_request_free (news->request);
  g_free (news->url);
  g_free (news->message);
  wipe (news->token);
  g_clear_pointer (&news->problems, g_hash_table_unref);
  g_free (news);
}

static void
take_state (HeddleServer *self, News *news)
{
  self->state = news->state;
  g_free (self->url);
  self->url = g_steal_pointer (&news->url);
  g_free (self->message);
  self->message = g_steal_pointer (&news->message);
  wipe (self->token);
  self->token = g_steal_pointer (&news->token);
  g_hash_table_unref (self->problems);
  self->problems = g_steal_pointer (&news->problems);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
news_cb (gpointer data)
{
  News *news = data;
  g_autoptr (HeddleServer) self = g_weak_ref_get (news->owner);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (news->request != NULL)
    g_signal_emit (self, signals[REQUEST], 0, news->request);
  else
    take_state (self, news);
  return G_SOURCE_REMOVE;
}

/* Takes news. The owner outlives the thread, which it joins. */
static void
send_news (HeddleServer *owner, News *news)
{
  GSource *source = g_idle_source_new ();

  news->owner = g_new0 (GWeakRef, 1);
  g_weak_ref_init (news->owner, owner);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, news_cb, news, news_free);
  g_source_attach (source, owner->context);
  g_source_unref (source);
}

static GHashTable *
copy_problems (HeddleCatalog *catalog)
{
  GHashTable *problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < heddle_catalog_get_n_workflows (catalog); i++)
    {
      const HeddleServed *served = heddle_catalog_get_nth (catalog, i);

      if (served->problem != NULL)
        g_hash_table_insert (problems, g_strdup (served->id), g_strdup (served->problem));
    }
  return problems;
}

static void
changed (HeddleServerCore *core, HeddleServerState state, const char *message)
{
  News *news = g_new0 (News, 1);
  gboolean is_running = state == HEDDLE_SERVER_RUNNING;

  news->state = state;
  news->url = is_running || state == HEDDLE_SERVER_ELSEWHERE ? g_strdup (core->url) : NULL;
  news->message = g_strdup (message);
  news->token = is_running ? g_strdup (core->token) : NULL;
  news->problems = copy_problems (core->catalog);
  send_news (core->owner, news);
}

static void
log_request (HeddleServerCore *core, const HeddleServerRequest *request)
{
  News *news = g_new0 (News, 1);

  news->request = heddle_server_request_copy (request);
  send_news (core->owner, news);
}

static void
heddle_server_dispose (GObject *object)
{
  heddle_server_stop (HEDDLE_SERVER (object));
  G_OBJECT_CLASS (heddle_server_parent_class)->dispose (object);
}

static void
heddle_server_finalize (GObject *object)
{
  HeddleServer *self = HEDDLE_SERVER (object);

  heddle_server_core_free (self->core);
  g_main_context_unref (self->context);
  g_free (self->url);
  g_free (self->message);
  wipe (self->token);
  g_hash_table_unref (self->problems);
  G_OBJECT_CLASS (heddle_server_parent_class)->finalize (object);
}

static void
heddle_server_class_init (HeddleServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = heddle_server_dispose;
  object_class->finalize = heddle_server_finalize;
  signals[CHANGED] = g_signal_new ("changed", HEDDLE_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REQUEST] = g_signal_new ("request", HEDDLE_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, HEDDLE_TYPE_SERVER_REQUEST);
}

static void
heddle_server_init (HeddleServer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

HeddleServer *
heddle_server_new (const HeddleServerOptions *options)
{
  HeddleServer *self;

  g_return_val_if_fail (options != NULL && options->engine != NULL, NULL);

  self = g_object_new (HEDDLE_TYPE_SERVER, NULL);
  self->core = heddle_server_core_new (options);
  self->core->owner = self;
  self->core->changed = changed;
  self->core->log = log_request;
  return self;
}

static gpointer
server_thread (gpointer data)
{
  heddle_server_core_run (data);
  return NULL;
}

void
heddle_server_start (HeddleServer *self)
{
  g_return_if_fail (HEDDLE_IS_SERVER (self));

  if (self->thread != NULL)
    return;
  self->state = HEDDLE_SERVER_STARTING;
  self->thread = g_thread_new ("heddle-server", server_thread, self->core);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/* Through the context, so that a loop that has not begun to run hears it too. */
static void
invoke (HeddleServer *self, GSourceFunc func, gpointer data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->core->context);
  g_source_unref (source);
}

void
heddle_server_stop (HeddleServer *self)
{
  g_return_if_fail (HEDDLE_IS_SERVER (self));

  if (self->thread == NULL)
    return;
  invoke (self, quit_cb, self->core->loop);
  g_thread_join (g_steal_pointer (&self->thread));
  self->state = HEDDLE_SERVER_STOPPED;
}

static gboolean
refresh_cb (gpointer data)
{
  heddle_server_core_refresh (data);
  return G_SOURCE_REMOVE;
}

void
heddle_server_refresh (HeddleServer *self)
{
  g_return_if_fail (HEDDLE_IS_SERVER (self));

  if (self->thread != NULL)
    invoke (self, refresh_cb, self->core);
}

static gboolean
regenerate_cb (gpointer data)
{
  HeddleServerCore *core = data;
  g_autoptr (GError) error = NULL;
  char *token = core->state == HEDDLE_SERVER_RUNNING ? heddle_server_token_regenerate (core->options.store, &error) : NULL;

  if (token != NULL)
    {
      wipe (core->token);
      core->token = token;
    }
  core->changed (core, core->state, error != NULL ? error->message : NULL);
  return G_SOURCE_REMOVE;
}

void
heddle_server_regenerate_token (HeddleServer *self)
{
  g_return_if_fail (HEDDLE_IS_SERVER (self));

  if (self->thread != NULL)
    invoke (self, regenerate_cb, self->core);
}

HeddleServerState
heddle_server_get_state (HeddleServer *self)
{
  g_return_val_if_fail (HEDDLE_IS_SERVER (self), HEDDLE_SERVER_STOPPED);

  return self->state;
}

const char *
heddle_server_get_url (HeddleServer *self)
{
  g_return_val_if_fail (HEDDLE_IS_SERVER (self), NULL);

  return self->url;
}

const char *
heddle_server_get_message (HeddleServer *self)
{
  g_return_val_if_fail (HEDDLE_IS_SERVER (self), NULL);

  return self->message;
}

const char *
heddle_server_get_token (HeddleServer *self)
{
  g_return_val_if_fail (HEDDLE_IS_SERVER (self), NULL);

  return self->token;
}

const char *
heddle_server_get_problem (HeddleServer *self, const char *workflow)
{
  g_return_val_if_fail (HEDDLE_IS_SERVER (self) && workflow != NULL, NULL);

  return g_hash_table_lookup (self->problems, workflow);
}
