/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nodes/heddle-file-params.h"

#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "run/heddle-effects.h"
#include "run/heddle-node-run.h"
#include "value/heddle-file-place.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

static gboolean
allow (HeddleNodeRun *node_run, const char *folder, GError **error)
{
  if (!heddle_node_run_is_tool (node_run) || !heddle_text_is_blank (folder))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” names no folder, so agents may not use it. Name the folder in the node's parameters."), heddle_node_run_get_node_id (node_run));
  return FALSE;
}

static void
warn (GPtrArray *problems, const char *node_id, const char *param, const char *message)
{
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, node_id, NULL, param, message));
}

static gboolean
is_whole (const char *path)
{
  return g_path_is_absolute (path) || strcmp (path, "~") == 0 || g_str_has_prefix (path, "~/");
}

void
heddle_file_params_check (JsonObject *values, const char *node_id, GPtrArray *problems)
{
  const char *path = heddle_params_get_string (values, "path", "");
  const char *folder = heddle_params_get_string (values, "folder", "");
  gboolean has_base = !heddle_text_is_blank (g_getenv (HEDDLE_FOLDER_VARIABLE));

  if (!heddle_text_is_blank (folder))
    {
      if (!is_whole (folder) && !has_base)
        warn (problems, node_id, "folder", _ ("The folder does not say where it is. Write its whole path, such as ~/Documents."));
      return;
    }
  if (strstr (path, "{{") != NULL)
    warn (problems, node_id, "folder", _ ("The path is made of values, which may name any file. Name the folder that it must stay in."));
  else if (!heddle_text_is_blank (path) && !is_whole (path) && !has_base)
    warn (problems, node_id, "path", _ ("The path does not say where the file is. Write the whole path, such as ~/Documents/notes.txt, or name a folder that it is in."));
}

/* Takes error. */
static void
finish (HeddleNodeRun *node_run, JsonNode *record, GError *error)
{
  JsonNode *output = heddle_json_member (record, "output");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (error != NULL)
    {
      heddle_node_run_fail (node_run, error);
      return;
    }
  if (JSON_NODE_HOLDS_OBJECT (record))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (record));
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          if (value != output)
            heddle_node_run_set_result (node_run, name, json_node_ref (value));
        }
    }
  heddle_node_run_complete (node_run, output != NULL ? json_node_ref (output) : heddle_json_null ());
}

static gboolean
replay (HeddleNodeRun *node_run, JsonNode *effect)
{
  g_autoptr (JsonNode) record = NULL;
  GError *error = NULL;

  if (!heddle_node_run_replay_effect (node_run, "file", effect, &record, &error))
    return FALSE;
  finish (node_run, record, error);
  return TRUE;
}

gboolean
heddle_file_begin (HeddleNodeRun *node_run, const char *folder, JsonNode *effect)
{
  GError *error = NULL;

  if (allow (node_run, folder, &error))
    return !replay (node_run, effect);
  heddle_node_run_fail (node_run, error);
  return FALSE;
}

void
heddle_file_end (HeddleNodeRun *node_run, JsonNode *effect, JsonNode *record, const GError *error)
{
  g_autoptr (JsonNode) owned = record;

  heddle_node_run_record_effect (node_run, "file", effect, record, error);
  finish (node_run, record, error != NULL ? g_error_copy (error) : NULL);
}
