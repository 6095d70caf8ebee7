/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-called-run.h"

#include "run/heddle-effects.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-past.h"
#include "run/heddle-run-private.h"
#include "run/heddle-scheduler-private.h"
#include "value/heddle-json.h"

#include <string.h>

void
heddle_called_run_tell (HeddleNodeRun *caller, JsonNode *effect, const char *run)
{
  JsonObject *response = json_object_new ();
  g_autoptr (JsonNode) json = NULL;
  /* A node of its own: the call is under way until its answer, and told apart by the request's address. */
  g_autoptr (JsonNode) request = json_node_copy (effect);

  json_object_set_string_member (response, "run", run);
  json = heddle_json_object (response);
  heddle_node_run_record_effect (caller, "begin", request, json, NULL);
}

static gboolean
is_of_kind (JsonNode *effect, const char *kind)
{
  return strcmp (heddle_json_get_string (effect, "kind", ""), kind) == 0;
}

static const char *
get_run (JsonNode *effect)
{
  return heddle_json_get_string (heddle_json_member (effect, "response"), "run", NULL);
}

static gboolean
asks_for (JsonNode *effect, JsonNode *request)
{
  JsonNode *asked = heddle_json_member (effect, "request");

  return asked != NULL && request != NULL && heddle_json_equal (asked, request);
}

/* Ids of the runs whose answer their caller has (const char*, borrowed). */
static GHashTable *
list_answered (GPtrArray *effects)
{
  GHashTable *answered = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; effects != NULL && i < effects->len; i++)
    {
      JsonNode *effect = g_ptr_array_index (effects, i);

      if (is_of_kind (effect, "workflow") && get_run (effect) != NULL)
        g_hash_table_add (answered, (gpointer) get_run (effect));
    }
  return answered;
}

/* A failure only says what was asked: it is of the first run that was asked so and has no answer. */
static void
remove_failed (GPtrArray *begun, GHashTable *answered, JsonNode *failure)
{
  for (guint i = 0; i < begun->len; i++)
    {
      JsonNode *begin = g_ptr_array_index (begun, i);

      if (g_hash_table_contains (answered, get_run (begin)) || !asks_for (begin, heddle_json_member (failure, "request")))
        continue;
      g_ptr_array_remove_index (begun, i);
      return;
    }
}

/* Calls that began and did not fail (JsonNode*, borrowed), in order. */
static GPtrArray *
list_begun (GPtrArray *effects, GHashTable *answered)
{
  GPtrArray *begun = g_ptr_array_new ();

  for (guint i = 0; effects != NULL && i < effects->len; i++)
    {
      JsonNode *effect = g_ptr_array_index (effects, i);

      if (is_of_kind (effect, "begin") && get_run (effect) != NULL)
        g_ptr_array_add (begun, effect);
      else if (is_of_kind (effect, "workflow") && get_run (effect) == NULL)
        remove_failed (begun, answered, effect);
    }
  return begun;
}

static gboolean
is_same_call (HeddleNodeRun *caller, JsonNode *begin, JsonNode *effect)
{
  const char *workflow = heddle_json_get_string (heddle_json_member (begin, "request"), "workflow", "");

  if (caller->caller != NULL)
    return asks_for (begin, effect);
  return strcmp (workflow, heddle_json_get_string (effect, "workflow", "")) == 0;
}

char *
heddle_called_run_find (HeddleNodeRun *caller, JsonNode *effect, gboolean *is_answered)
{
  const HeddleNodeRun *root = heddle_node_run_get_root (caller);
  HeddleEffects *effects = heddle_run_get_effects (caller->run);
  g_autoptr (GHashTable) answered = NULL;
  g_autoptr (GPtrArray) begun = NULL;
  GPtrArray *past;

  if (root->scheduler == NULL || !root->scheduler->resumes)
    return NULL;
  past = heddle_past_get_effects (root->scheduler->past, root->scope_path, root->step->id);
  answered = list_answered (past);
  begun = list_begun (past, answered);
  for (guint i = 0; i < begun->len; i++)
    {
      JsonNode *begin = g_ptr_array_index (begun, i);

      if (!is_same_call (caller, begin, effect) || !heddle_effects_take_called (effects, get_run (begin)))
        continue;
      *is_answered = g_hash_table_contains (answered, get_run (begin));
      return g_strdup (get_run (begin));
    }
  return NULL;
}
