/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-run-engine.h"

#include "heddle-error.h"
#include "knowledge/heddle-knowledge.h"
#include "memory/heddle-memory.h"
#include "net/heddle-http.h"
#include "run/heddle-run-engine-private.h"
#include "run/heddle-run-options.h"
#include "run/heddle-run-private.h"
#include "run/heddle-scheduler.h"
#include "store/heddle-store.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <signal.h>

/* Cancelled operations need a few turns to let go of what they hold; this bounds them. */
#define MAX_DRAIN 10000

struct _HeddleEngine
{
  GObject parent_instance;

  HeddleEngineCore *core;
  GMainLoop *loop;
  GThread *thread; /* NULL after shutdown */
};

G_DEFINE_FINAL_TYPE (HeddleEngine, heddle_engine, G_TYPE_OBJECT)

typedef struct
{
  HeddleEngineCore *core;
  GMainLoop *loop;
} ThreadData;

/* Those that are stored can go on later. */
static void
stop_runs (HeddleEngineCore *core)
{
  while (core->schedulers->len > 0)
    heddle_scheduler_interrupt (g_ptr_array_index (core->schedulers, 0));
}

static void
writing_cb (const GError *error, gpointer data)
{
  HeddleEngineCore *core = data;
  g_autoptr (GPtrArray) schedulers = g_ptr_array_copy (core->schedulers, (GCopyFunc) heddle_scheduler_ref, NULL);

  g_ptr_array_set_free_func (schedulers, (GDestroyNotify) heddle_scheduler_unref);
  g_clear_error (&core->write_error);
  core->write_error = error != NULL ? g_error_copy (error) : NULL;
  for (guint i = 0; i < schedulers->len; i++)
    heddle_scheduler_set_paused (g_ptr_array_index (schedulers, i), error);
}

static guint
watch_store (HeddleEngineCore *core)
{
  HeddleStore *store = core->services.store;

  return store != NULL ? heddle_store_watch_writing (store, core->context, writing_cb, core) : 0;
}

static void
unwatch_store (HeddleEngineCore *core, guint watch)
{
  if (watch != 0)
    heddle_store_unwatch_writing (core->services.store, watch);
}

static void
drain (GMainContext *context)
{
  for (guint i = 0; i < MAX_DRAIN && g_main_context_iteration (context, FALSE); i++)
    ;
}

static void
share_network (HeddleEngineCore *core)
{
  if (core->services.knowledge != NULL)
    heddle_knowledge_set_network (core->services.knowledge, core->context, heddle_engine_core_get_http (core));
  if (core->services.memory != NULL)
    heddle_memory_set_network (core->services.memory, core->context, heddle_engine_core_get_http (core));
}

static void
unshare_network (HeddleEngineCore *core)
{
  if (core->services.knowledge != NULL)
    heddle_knowledge_set_network (core->services.knowledge, NULL, NULL);
  if (core->services.memory != NULL)
    heddle_memory_set_network (core->services.memory, NULL, NULL);
}

/* A child process that ends before it has read what it is sent would end us: writing fails instead. */
static void
block_broken_pipes (void)
{
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
}

static gpointer
engine_thread (gpointer data)
{
  g_autofree ThreadData *thread = data;
  HeddleEngineCore *core = thread->core;
  guint watch;

  block_broken_pipes ();
  g_main_context_push_thread_default (core->context);
  share_network (core);
  watch = watch_store (core);
  g_main_loop_run (thread->loop);
  unwatch_store (core, watch);
  stop_runs (core);
  drain (core->context);
  /* A run that was asked for at the last moment has begun just now, and its work finds the pool still there. */
  stop_runs (core);
  heddle_engine_core_stop_pool (core);
  drain (core->context);
  unshare_network (core);
  g_clear_pointer (&core->http, heddle_http_unref);
  drain (core->context);
  g_main_context_pop_thread_default (core->context);
  g_main_loop_unref (thread->loop);
  heddle_engine_core_unref (core);
  return NULL;
}

static void
heddle_engine_dispose (GObject *object)
{
  heddle_engine_shutdown (HEDDLE_ENGINE (object));
  G_OBJECT_CLASS (heddle_engine_parent_class)->dispose (object);
}

static void
heddle_engine_finalize (GObject *object)
{
  HeddleEngine *self = HEDDLE_ENGINE (object);

  g_main_loop_unref (self->loop);
  heddle_engine_core_unref (self->core);
  G_OBJECT_CLASS (heddle_engine_parent_class)->finalize (object);
}

static void
heddle_engine_class_init (HeddleEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = heddle_engine_dispose;
  object_class->finalize = heddle_engine_finalize;
}

static void
heddle_engine_init (HeddleEngine *self)
{
}

HeddleEngine *
heddle_engine_new (const HeddleEngineServices *services)
{
  HeddleEngine *self = g_object_new (HEDDLE_TYPE_ENGINE, NULL);
  ThreadData *thread = g_new (ThreadData, 1);

  self->core = heddle_engine_core_new (services);
  self->loop = g_main_loop_new (self->core->context, FALSE);
  /* A search that comes before the thread has begun waits for it. */
  if (self->core->services.knowledge != NULL)
    heddle_knowledge_set_network (self->core->services.knowledge, self->core->context, NULL);
  thread->core = heddle_engine_core_ref (self->core);
  thread->loop = g_main_loop_ref (self->loop);
  self->thread = g_thread_new ("heddle-engine", engine_thread, thread);
  return self;
}

GMainContext *
heddle_engine_get_context (HeddleEngine *self)
{
  g_return_val_if_fail (HEDDLE_IS_ENGINE (self), NULL);

  return self->core->context;
}

HeddleHttp *
heddle_engine_get_http (HeddleEngine *self)
{
  g_return_val_if_fail (HEDDLE_IS_ENGINE (self), NULL);

  return heddle_engine_core_get_http (self->core);
}

/* A run on its way to the engine thread. */
typedef struct
{
  HeddleEngineCore *core;
  HeddleRun *run;
  JsonNode *input;
  HeddleRunOptions options;
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;

  heddle_engine_core_unref (start->core);
  g_object_unref (start->run);
  g_clear_pointer (&start->input, json_node_unref);
  heddle_run_options_clear (&start->options);
  g_free (start);
}

static gboolean
start_cb (gpointer data)
{
  const Start *start = data;

  heddle_scheduler_start (start->core, start->run, start->input, &start->options);
  return G_SOURCE_REMOVE;
}

HeddleStore *
heddle_engine_get_store (HeddleEngine *self)
{
  return self->core->services.store;
}

gboolean
heddle_engine_begin (HeddleEngine *self, HeddleRun *run, JsonNode *input, const HeddleRunOptions *options)
{
  Start *start;

  if (self->thread == NULL)
    return FALSE;
  heddle_run_take_options (run, heddle_run_options_to_json (options));
  start = g_new0 (Start, 1);
  start->core = heddle_engine_core_ref (self->core);
  start->run = g_object_ref (run);
  if (input != NULL)
    {
      json_node_seal (input);
      start->input = json_node_ref (input);
    }
  heddle_run_options_copy (&start->options, options);
  heddle_run_set_effects (run, heddle_effects_new (heddle_run_get_plan (run), options));
  g_main_context_invoke_full (self->core->context, G_PRIORITY_DEFAULT, start_cb, start, start_free);
  return TRUE;
}

HeddleRun *
heddle_engine_start (HeddleEngine *self, HeddlePlan *plan, JsonNode *input, const HeddleRunOptions *options)
{
  const HeddleRunOptions none = { 0 };
  HeddleRun *run;

  g_return_val_if_fail (HEDDLE_IS_ENGINE (self) && plan != NULL, NULL);
  g_return_val_if_fail (self->thread != NULL, NULL);

  options = options != NULL ? options : &none;
  if (options->trigger != NULL)
    json_node_seal (options->trigger);
  run = heddle_run_new (plan, options->id, options->trigger);
  heddle_engine_begin (self, run, input, options);
  return run;
}

/* What a run under way is told, on its way to the engine thread. */
typedef struct
{
  HeddleEngineCore *core;
  HeddleRun *run;
  void (*func) (HeddleScheduler *scheduler);
  char **nodes; /* breakpoints, in place of func */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  heddle_engine_core_unref (order->core);
  g_object_unref (order->run);
  g_strfreev (order->nodes);
  g_free (order);
}

static gboolean
order_cb (gpointer data)
{
  const Order *order = data;
  GPtrArray *schedulers = order->core->schedulers;

  for (guint i = 0; i < schedulers->len; i++)
    {
      if (heddle_scheduler_get_run (g_ptr_array_index (schedulers, i)) != order->run)
        continue;
      if (order->func != NULL)
        order->func (g_ptr_array_index (schedulers, i));
      else
        heddle_scheduler_set_breakpoints (g_ptr_array_index (schedulers, i), (const char *const *) order->nodes);
      break;
    }
  return G_SOURCE_REMOVE;
}

static void
give_order (HeddleEngine *self, HeddleRun *run, void (*func) (HeddleScheduler *scheduler), const char *const *nodes)
{
  Order *order = g_new (Order, 1);

  order->core = heddle_engine_core_ref (self->core);
  order->run = g_object_ref (run);
  order->func = func;
  order->nodes = g_strdupv ((char **) nodes);
  g_main_context_invoke_full (self->core->context, G_PRIORITY_DEFAULT, order_cb, order, order_free);
}

void
heddle_engine_interrupt (HeddleEngine *self, HeddleRun *run)
{
  g_return_if_fail (HEDDLE_IS_ENGINE (self) && HEDDLE_IS_RUN (run));

  give_order (self, run, heddle_scheduler_interrupt, NULL);
}

void
heddle_engine_continue (HeddleEngine *self, HeddleRun *run)
{
  g_return_if_fail (HEDDLE_IS_ENGINE (self) && HEDDLE_IS_RUN (run));

  give_order (self, run, heddle_scheduler_continue, NULL);
}

void
heddle_engine_step (HeddleEngine *self, HeddleRun *run)
{
  g_return_if_fail (HEDDLE_IS_ENGINE (self) && HEDDLE_IS_RUN (run));

  give_order (self, run, heddle_scheduler_step, NULL);
}

void
heddle_engine_set_breakpoints (HeddleEngine *self, HeddleRun *run, const char *const *nodes)
{
  g_return_if_fail (HEDDLE_IS_ENGINE (self) && HEDDLE_IS_RUN (run));

  give_order (self, run, NULL, nodes);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
heddle_engine_shutdown (HeddleEngine *self)
{
  GThread *thread;

  g_return_if_fail (HEDDLE_IS_ENGINE (self));

  thread = g_steal_pointer (&self->thread);
  if (thread == NULL)
    return;
  /* Through the context, so that a loop that has not begun to run hears it too. */
  g_main_context_invoke_full (self->core->context, G_PRIORITY_HIGH, quit_cb, g_main_loop_ref (self->loop), (GDestroyNotify) g_main_loop_unref);
  if (thread == g_thread_self ())
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}
