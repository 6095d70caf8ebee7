/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
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

static gboolean
woke_cb (gpointer data)
{
  HeddleNodeRun *node_run = data;
  JsonNode *input = heddle_node_run_get_input (node_run, "in");
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (heddle_node_run_get_cancellable (node_run), &error))
    heddle_node_run_fail (node_run, error);
  else
    heddle_node_run_complete (node_run, input != NULL ? json_node_ref (input) : heddle_json_null ());
  return G_SOURCE_REMOVE;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  g_autoptr (GSource) source = g_timeout_source_new ((guint) lround (p->seconds * 1000));
  g_autoptr (GSource) cancelled = g_cancellable_source_new (heddle_node_run_get_cancellable (node_run));

  /* A cancel makes the child ready, which dispatches the timeout at once. */
  g_source_set_dummy_callback (cancelled);
  g_source_add_child_source (source, cancelled);
  g_source_set_static_name (source, "heddle-wait");
  g_source_set_callback (source, woke_cb, heddle_node_run_ref (node_run), (GDestroyNotify) heddle_node_run_unref);
  g_source_attach (source, heddle_node_run_get_context (node_run));
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
