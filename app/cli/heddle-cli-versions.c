/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#include <string.h>

/* heddle versions: what a stored workflow was before, compared and restored. */

typedef struct
{
  char *show;
  char *compare;
  char *restore;
  gboolean json;
} Options;

static JsonNode *
info_to_json (const HeddleVersionInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "id", info->id);
  json_object_set_int_member (object, "saved", info->saved / G_USEC_PER_SEC);
  if (info->name != NULL)
    json_object_set_member (object, "name", heddle_json_string (info->name));
  if (info->label != NULL)
    json_object_set_member (object, "label", heddle_json_string (info->label));
  return heddle_json_object (object);
}

static int
list (HeddleStore *store,
      const char *workflow,
      gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = heddle_store_list_versions (store, workflow, &error);
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) json = heddle_json_array (array);

  if (versions == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  for (guint i = 0; i < versions->len; i++)
    {
      const HeddleVersionInfo *info = g_ptr_array_index (versions, i);
      g_autofree char *saved = heddle_cli_format_time (info->saved);
      g_autofree char *label = heddle_cli_clip (info->label != NULL ? info->label : "", 0);
      g_autofree char *name = info->name != NULL ? heddle_cli_clip (info->name, 0) : NULL;

      json_array_add_element (array, info_to_json (info));
      if (!as_json)
        g_print ("%6" G_GINT64_FORMAT "  %s  %s%s%s\n", info->id, saved, name != NULL ? name : "", name != NULL && *label != '\0' ? " · " : "", label);
    }
  if (as_json)
    heddle_cli_print_json (json, HEDDLE_JSON_PRETTY);
  return HEDDLE_EXIT_OK;
}

/* "now" is the workflow as it is, with what was edited since it was saved. */
static HeddleGraph *
load (HeddleStore *store,
      const char *workflow,
      const char *version,
      GError **error)
{
  g_autoptr (HeddleVersionInfo) info = NULL;
  gint64 id;

  if (strcmp (version, "now") == 0)
    return heddle_cli_load_graph (store, workflow, error);
  if (!g_ascii_string_to_signed (version, 10, 1, G_MAXINT64, &id, NULL))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is no version. Give a number from the list, or “now”."), version);
      return NULL;
    }
  info = heddle_store_load_version (store, workflow, id, error);
  return info != NULL ? heddle_graph_new_from_json (info->json, -1, error) : NULL;
}

static int
show (HeddleStore *store,
      const char *workflow,
      const char *version)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = load (store, workflow, version, &error);
  g_autofree char *json = NULL;

  if (graph == NULL)
    return heddle_cli_fail_request (error);
  json = heddle_graph_to_json (graph);
  g_print ("%s", json);
  return HEDDLE_EXIT_OK;
}

static JsonNode *
difference_to_json (const HeddleDifference *difference)
{
  static const char *const kinds[] = { "added", "removed", "changed", "moved" };
  static const char *const parts[] = { "workflow", "node", "edge", "annotation" };
  JsonObject *object = json_object_new ();
  JsonArray *details = json_array_new ();

  json_object_set_string_member (object, "kind", kinds[difference->kind]);
  json_object_set_string_member (object, "part", parts[difference->part]);
  if (difference->id != NULL || difference->old_id != NULL)
    json_object_set_member (object, "id", heddle_json_string (difference->id != NULL ? difference->id : difference->old_id));
  json_object_set_member (object, "title", heddle_json_string (difference->title));
  for (guint i = 0; i < difference->details->len; i++)
    {
      const HeddleDifferenceDetail *detail = g_ptr_array_index (difference->details, i);
      JsonObject *member = json_object_new ();

      json_object_set_member (member, "label", heddle_json_string (detail->label));
      if (detail->before != NULL)
        json_object_set_member (member, "before", heddle_json_string (detail->before));
      if (detail->after != NULL)
        json_object_set_member (member, "after", heddle_json_string (detail->after));
      json_array_add_object_element (details, member);
    }
  json_object_set_array_member (object, "details", details);
  return heddle_json_object (object);
}

static void
print_detail (const HeddleDifferenceDetail *detail)
{
  g_autofree char *label = heddle_cli_clip (detail->label, 0);
  g_autofree char *before = detail->before != NULL ? heddle_cli_clip (detail->before, 0) : NULL;
  g_autofree char *after = detail->after != NULL ? heddle_cli_clip (detail->after, 0) : NULL;

  g_print ("  %s\n", label);
  if (before != NULL)
    g_print ("    - %s\n", before);
  if (after != NULL)
    g_print ("    + %s\n", after);
}

static void
print_difference (const HeddleDifference *difference)
{
  g_autofree char *text = heddle_difference_to_text (difference);
  g_autofree char *line = heddle_cli_clip (text, 0);

  g_print ("%s\n", line);
  for (guint i = 0; i < difference->details->len; i++)
    print_detail (g_ptr_array_index (difference->details, i));
}

static int
compare (HeddleStore *store,
         const char *workflow,
         const char *first,
         const char *second,
         gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) before = load (store, workflow, first, &error);
  g_autoptr (HeddleGraph) after = before != NULL ? load (store, workflow, second, &error) : NULL;
  g_autoptr (GPtrArray) differences = NULL;
  g_autofree char *summary = NULL;
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) json = heddle_json_array (array);

  if (after == NULL)
    return heddle_cli_fail_request (error);
  differences = heddle_graph_compare (before, after);
  summary = heddle_differences_summarize (differences);
  for (guint i = 0; i < differences->len; i++)
    {
      json_array_add_element (array, difference_to_json (g_ptr_array_index (differences, i)));
      if (!as_json)
        print_difference (g_ptr_array_index (differences, i));
    }
  if (as_json)
    heddle_cli_print_json (json, HEDDLE_JSON_PRETTY);
  else
    g_print ("%s\n", summary);
  return HEDDLE_EXIT_OK;
}

static void
changed_cb (HeddleDocument *document,
            HeddleChange *change,
            HeddleStore *store)
{
  if (change->edits != NULL)
    heddle_store_append_journal (store, heddle_graph_get_id (heddle_document_get_graph (document)), change->edits);
}

static HeddleDocument *
open_document (HeddleStore *store,
               const char *workflow,
               GError **error)
{
  g_autoptr (HeddleOpenWorkflow) opened = heddle_store_open_workflow (store, workflow, FALSE, error);
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (HeddleDocument) document = NULL;

  if (opened == NULL)
    return NULL;
  if (opened->is_elsewhere)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY,
                           _ ("This workflow is open in a window, which saves it. Restore the version there, or close it first."));
      return NULL;
    }
  graph = heddle_graph_new_from_json (opened->info->json, -1, error);
  if (graph == NULL)
    return NULL;
  document = heddle_document_new (graph);
  if (opened->history != NULL)
    heddle_document_load_history (document, opened->history);
  if (opened->journal != NULL && !heddle_document_replay (document, opened->journal, error))
    return NULL;
  return g_steal_pointer (&document);
}

/* As in the window: one step, which can be undone there. */
static gboolean
restore (HeddleStore *store,
         const char *workflow,
         const char *version,
         GError **error)
{
  g_autoptr (HeddleGraph) target = load (store, workflow, version, error);
  g_autoptr (HeddleDocument) document = target != NULL ? open_document (store, workflow, error) : NULL;
  g_autofree char *label = g_strdup_printf (_ ("Restore version %s"), version);
  g_autofree char *json = NULL;
  HeddleGraph *graph;

  if (document == NULL)
    return FALSE;
  graph = heddle_document_get_graph (document);
  g_signal_connect (document, "changed", G_CALLBACK (changed_cb), store);
  heddle_document_restore (document, target, label);
  json = heddle_graph_to_json (graph);
  return heddle_store_save_workflow (store, heddle_graph_get_id (graph), heddle_graph_get_name (graph), json, error);
}

static int
run (HeddleStore *store,
     const char *workflow,
     const char *second,
     const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (options->show != NULL)
    return show (store, workflow, options->show);
  if (options->compare != NULL)
    return compare (store, workflow, options->compare, second != NULL ? second : "now", options->json);
  if (options->restore == NULL)
    return list (store, workflow, options->json);
  return restore (store, workflow, options->restore, &error) ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
}

/* The list needs the id; whoever asks may give the name. */
static char *
find_workflow (HeddleStore *store,
               const char *id_or_name,
               GError **error)
{
  HeddleWorkflowInfo *info = heddle_store_load_workflow (store, id_or_name, NULL, error);
  char *id = info != NULL ? g_strdup (info->id) : NULL;

  g_clear_pointer (&info, heddle_workflow_info_free);
  return id;
}

int
heddle_cli_versions (int argc,
                     char **argv)
{
  g_autofree char *show_id = NULL;
  g_autofree char *compare_id = NULL;
  g_autofree char *restore_id = NULL;
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "show", 0, 0, G_OPTION_ARG_STRING, &show_id, N_ ("Print a version as JSON"), N_ ("ID") },
    { "compare", 0, 0, G_OPTION_ARG_STRING, &compare_id, N_ ("Say what differs from version OTHER, or from now"), N_ ("ID") },
    { "restore", 0, 0, G_OPTION_ARG_STRING, &restore_id, N_ ("Make the workflow what a version is; can be undone in the window"), N_ ("ID") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print as JSON"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *workflow = NULL;
  int status;

  if (!heddle_cli_parse ("versions", entries, &argc, &argv, &status))
    return status;
  options.show = show_id;
  options.compare = compare_id;
  options.restore = restore_id;
  if (argc < 2 || argc > (compare_id != NULL ? 3 : 2) || (show_id != NULL) + (compare_id != NULL) + (restore_id != NULL) > 1)
    return heddle_cli_fail_usage ("versions");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  workflow = find_workflow (services->store, argv[1], &error);
  if (workflow == NULL)
    return heddle_cli_fail_request (error);
  return run (services->store, workflow, argc == 3 ? argv[2] : NULL, &options);
}
