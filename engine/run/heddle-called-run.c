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

/* An answer says which run gave it; a failure only what was asked. */
static void
close_call (GPtrArray *open, JsonNode *answer)
{
  const char *run = get_run (answer);

  for (guint i = 0; i < open->len; i++)
    {
      JsonNode *begin = g_ptr_array_index (open, i);

      if (run != NULL ? g_strcmp0 (get_run (begin), run) != 0 : !asks_for (begin, heddle_json_member (answer, "request")))
        continue;
      g_ptr_array_remove_index (open, i);
      return;
    }
}

/* Calls that began and have no answer (JsonNode*, borrowed), in order. */
static GPtrArray *
list_open (GPtrArray *effects)
{
  GPtrArray *open = g_ptr_array_new ();

  for (guint i = 0; effects != NULL && i < effects->len; i++)
    {
      JsonNode *effect = g_ptr_array_index (effects, i);

      if (is_of_kind (effect, "begin") && get_run (effect) != NULL)
        g_ptr_array_add (open, effect);
      else if (is_of_kind (effect, "workflow"))
        close_call (open, effect);
    }
  return open;
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
heddle_called_run_find (HeddleNodeRun *caller, JsonNode *effect)
{
  const HeddleNodeRun *root = heddle_node_run_get_root (caller);
  HeddleEffects *effects = heddle_run_get_effects (caller->run);
  g_autoptr (GPtrArray) open = NULL;

  if (root->scheduler == NULL || !root->scheduler->resumes)
    return NULL;
  open = list_open (heddle_past_get_effects (root->scheduler->past, root->scope_path, root->step->id));
  for (guint i = 0; i < open->len; i++)
    {
      JsonNode *begin = g_ptr_array_index (open, i);

      if (is_same_call (caller, begin, effect) && heddle_effects_take_called (effects, get_run (begin)))
        return g_strdup (get_run (begin));
    }
  return NULL;
}
