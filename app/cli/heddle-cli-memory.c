/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli-wait.h"
#include "cli/heddle-cli.h"

#include <inttypes.h>
#include <string.h>

#define NAME_CELLS 32

static void
print_usage_of (const HeddleMemoryGraphInfo *info)
{
  if (info->input_tokens + info->output_tokens > 0)
    g_print (g_dngettext (GETTEXT_PACKAGE, "  %" PRId64 " token", "  %" PRId64 " tokens", info->input_tokens + info->output_tokens),
             info->input_tokens + info->output_tokens);
  if (info->n_waiting > 0)
    g_print (_ ("  %u to be learnt"), info->n_waiting);
  if (info->n_failed > 0)
    g_print (_ ("  %u could not be learnt"), info->n_failed);
}

static int
list_graphs (HeddleMemory *memory,
             char **arguments)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) graphs = NULL;

  heddle_cli_wait_init (&wait);
  heddle_memory_list_async (memory, NULL, heddle_cli_wait_cb, &wait);
  graphs = heddle_memory_list_finish (memory, heddle_cli_wait_for (&wait), &error);
  if (graphs == NULL)
    return heddle_cli_fail_request (error);
  for (guint i = 0; i < graphs->len; i++)
    {
      const HeddleMemoryGraphInfo *info = g_ptr_array_index (graphs, i);
      g_autofree char *name = heddle_cli_pad (info->name, NAME_CELLS);

      g_print (g_dngettext (GETTEXT_PACKAGE, "%s %6u fact ", "%s %6u facts", info->n_facts), name, info->n_facts);
      print_usage_of (info);
      g_print ("\n");
    }
  return HEDDLE_EXIT_OK;
}

static void
print_fact (const HeddleMemoryFact *fact)
{
  g_autofree char *subject = heddle_cli_clip (fact->subject, 0);
  g_autofree char *object = heddle_cli_clip (fact->object, 0);

  g_print ("%6" G_GINT64_FORMAT "  %3.0f %%  %s · %s · %s%s\n", fact->id, fact->confidence * 100, subject, fact->predicate, object,
           fact->is_active ? "" : _ ("  (revoked)"));
}

static int
print_facts (HeddleMemory *memory,
             const char *graph,
             const char *query)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) facts = NULL;

  heddle_cli_wait_init (&wait);
  heddle_memory_list_facts_async (memory, graph, query, 0, NULL, heddle_cli_wait_cb, &wait);
  facts = heddle_memory_list_facts_finish (memory, heddle_cli_wait_for (&wait), &error);
  if (facts == NULL)
    return heddle_cli_fail_request (error);
  for (guint i = 0; i < facts->len; i++)
    print_fact (g_ptr_array_index (facts, i));
  return HEDDLE_EXIT_OK;
}

static int
show (HeddleMemory *memory,
      char **arguments)
{
  return print_facts (memory, arguments[0], NULL);
}

static int
search (HeddleMemory *memory,
        char **arguments)
{
  return print_facts (memory, arguments[0], arguments[1]);
}

static int
finish_change (HeddleMemory *memory,
               HeddleCliWait *wait)
{
  g_autoptr (GError) error = NULL;

  return heddle_memory_change_finish (memory, heddle_cli_wait_for (wait), &error) ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
}

static gboolean
has_fact (HeddleMemory *memory,
          const char *graph,
          gint64 id,
          GError **error)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GPtrArray) facts = NULL;

  heddle_cli_wait_init (&wait);
  heddle_memory_list_facts_async (memory, graph, NULL, 0, NULL, heddle_cli_wait_cb, &wait);
  facts = heddle_memory_list_facts_finish (memory, heddle_cli_wait_for (&wait), error);
  if (facts == NULL)
    return FALSE;
  for (guint i = 0; i < facts->len; i++)
    {
      if (((HeddleMemoryFact *) g_ptr_array_index (facts, i))->id == id)
        return TRUE;
    }
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("“%s” has no fact of that number. “heddle memory show” lists them."), graph);
  return FALSE;
}

/* A fact by its number, or everything. */
static int
forget (HeddleMemory *memory,
        char **arguments)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  if (arguments[1] != NULL && !g_ascii_string_to_signed (arguments[1], 10, 1, G_MAXINT64, &id, NULL))
    return heddle_cli_fail_usage ("memory");
  if (!has_fact (memory, arguments[0], id, &error) && (id != 0 || !g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND)))
    return heddle_cli_fail_request (error);
  heddle_cli_wait_init (&wait);
  if (id != 0)
    heddle_memory_delete_fact_async (memory, id, NULL, heddle_cli_wait_cb, &wait);
  else
    heddle_memory_delete_graph_async (memory, arguments[0], NULL, heddle_cli_wait_cb, &wait);
  return finish_change (memory, &wait);
}

static int
export_graph (HeddleMemory *memory,
              char **arguments)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) exported = NULL;
  g_autofree char *text = NULL;

  heddle_cli_wait_init (&wait);
  heddle_memory_export_async (memory, arguments[0], NULL, heddle_cli_wait_cb, &wait);
  exported = heddle_memory_export_finish (memory, heddle_cli_wait_for (&wait), &error);
  if (exported == NULL)
    return heddle_cli_fail_request (error);
  text = heddle_json_to_text (exported, HEDDLE_JSON_PRETTY);
  g_print ("%s\n", text);
  return HEDDLE_EXIT_OK;
}

static int
import_graph (HeddleMemory *memory,
              char **arguments)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) exported = NULL;
  gsize length;

  text = heddle_cli_read_file (arguments[1], &length, &error);
  exported = text != NULL ? heddle_json_parse (text, (gssize) length, &error) : NULL;
  if (exported == NULL)
    return heddle_cli_fail_request (error);
  heddle_cli_wait_init (&wait);
  heddle_memory_import_async (memory, arguments[0], exported, NULL, heddle_cli_wait_cb, &wait);
  return finish_change (memory, &wait);
}

typedef struct
{
  const char *name;
  int min_arguments;
  int max_arguments;
  int (*run) (HeddleMemory *memory, char **arguments);
} Action;

static const Action actions[] = {
  { "list", 0, 0, list_graphs },
  { "show", 1, 1, show },
  { "search", 2, 2, search },
  { "forget", 1, 2, forget },
  { "export", 1, 1, export_graph },
  { "import", 2, 2, import_graph },
};

/* Without arguments, the first; NULL when they are no action. */
static const Action *
find_action (int argc,
             char **argv)
{
  if (argc <= 1)
    return &actions[0];
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (strcmp (argv[1], actions[i].name) == 0 && argc - 2 >= actions[i].min_arguments && argc - 2 <= actions[i].max_arguments)
        return &actions[i];
    }
  return NULL;
}

static gboolean
are_texts (char **arguments)
{
  for (; *arguments != NULL; arguments++)
    {
      if (!g_utf8_validate (*arguments, -1, NULL))
        return FALSE;
    }
  return TRUE;
}

int
heddle_cli_memory (int argc,
                   char **argv)
{
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  const Action *action;
  int status;

  if (!heddle_cli_parse ("memory", NULL, &argc, &argv, &status))
    return status;
  action = find_action (argc, argv);
  if (action == NULL || !are_texts (argv + 1))
    return heddle_cli_fail_usage ("memory");
  services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);
  if (services == NULL)
    return heddle_cli_fail_request (error);
  return action->run (services->memory, argv + MIN (argc, 2));
}
