/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-effects.h"
#include "run/heddle-node-run.h"
#include "value/heddle-cancel-watch.h"
#include "value/heddle-json.h"

#include <math.h>

typedef struct
{
  double seconds;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Output"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_DOUBLE (Params, seconds, N_ ("Seconds"), .help = N_ ("How long the run pauses here. Other branches go on."), .def.d = 1, .min = 0, .max = 86400, .step = 0.5, .is_main = TRUE),
  { NULL },
};

/* A pause under way. */
typedef struct
{
  HeddleNodeRun *run;
  JsonNode *effect; /* how long, for the record */
  HeddleCancelWatch *cancelled;
} Pause;

static void
pause_free (gpointer data)
{
  Pause *pause = data;

  heddle_cancel_watch_free (pause->cancelled);
  heddle_node_run_unref (pause->run);
  json_node_unref (pause->effect);
  g_free (pause);
}

/* Takes error. */
static void
finish (HeddleNodeRun *node_run, GError *error)
{
  JsonNode *input = heddle_node_run_get_input (node_run, "in");

  if (error != NULL)
    heddle_node_run_fail (node_run, error);
  else
    heddle_node_run_complete (node_run, input != NULL ? json_node_ref (input) : heddle_json_null ());
}

static gboolean
woke_cb (gpointer data)
{
  const Pause *pause = data;
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (heddle_node_run_get_cancellable (pause->run), &error);
  heddle_node_run_record_effect (pause->run, "time", pause->effect, NULL, error);
  finish (pause->run, error);
  return G_SOURCE_REMOVE;
}

static JsonNode *
make_effect (const Params *p)
{
  JsonObject *effect = json_object_new ();

  json_object_set_member (effect, "wait", heddle_json_double (p->seconds));
  return heddle_json_object (effect);
}

static void
hurry (gpointer source)
{
  g_source_set_ready_time (source, 0);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  g_autoptr (GSource) source = NULL;
  g_autoptr (JsonNode) effect = make_effect (p);
  g_autoptr (JsonNode) response = NULL;
  GError *error = NULL;
  Pause *pause;

  if (heddle_node_run_replay_effect (node_run, "time", effect, &response, &error))
    {
      finish (node_run, error);
      return;
    }
  pause = g_new0 (Pause, 1);
  pause->run = heddle_node_run_ref (node_run);
  pause->effect = g_steal_pointer (&effect);
  source = g_timeout_source_new ((guint) lround (p->seconds * 1000));
  g_source_set_static_name (source, "heddle-wait");
  g_source_set_callback (source, woke_cb, pause, pause_free);
  g_source_attach (source, heddle_node_run_get_context (node_run));
  pause->cancelled = heddle_cancel_watch_new (heddle_node_run_get_cancellable (node_run), heddle_node_run_get_context (node_run), hurry, source);
}

static char *
describe (JsonObject *values)
{
  double seconds = heddle_params_get_double (values, "seconds", 1);

  /* Translators: a duration in seconds. */
  return g_strdup_printf (_ ("%g s"), seconds);
}

const HeddleNodeType heddle_node_type_wait = {
  .id = "wait",
  .version = 1,
  .title = N_ ("Wait"),
  .summary = N_ ("Pauses for a while and passes its input on."),
  .keywords = N_ ("delay sleep pause timer seconds"),
  .icon_name = "heddle-wait-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"seconds\":0.01},\"inputs\":{\"in\":\"patience\"},\"outputs\":{\"out\":\"patience\"}}",
  .describe = describe,
  .run = run,
};
