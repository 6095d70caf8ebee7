/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include "cli/heddle-cli-text.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of a command that has its summary beside it. */
#define MAX_USAGE_CELLS 30

static const HeddleCliCommand commands[] = {
  { "run", N_ ("FILE|NAME"), N_ ("Run a workflow and print its output"), heddle_cli_run },
  { "resume", N_ ("RUN"), N_ ("Go on with a run that was interrupted"), heddle_cli_resume },
  { "fork", N_ ("RUN"), N_ ("Begin a new run with what another one has done"), heddle_cli_fork },
  { "replay", N_ ("RUN"), N_ ("Run again with what was recorded, asking nobody"), heddle_cli_replay },
  { "validate", N_ ("FILE"), N_ ("Check a workflow without running it"), heddle_cli_validate },
  { "list", NULL, N_ ("List the stored workflows"), heddle_cli_list },
  { "export", N_ ("FILE|NAME"), N_ ("Print a workflow as JSON or as a diagram"), heddle_cli_export },
  { "import", N_ ("FILE"), N_ ("Store a workflow from a JSON file"), heddle_cli_import },
  { "delete", N_ ("NAME"), N_ ("Delete a stored workflow with its runs"), heddle_cli_delete },
  { "versions", N_ ("NAME [OTHER]"), N_ ("List, compare and restore versions of a stored workflow"), heddle_cli_versions },
  { "traces", N_ ("[RUN]"), N_ ("List past runs, or show one"), heddle_cli_traces },
  { "approvals", N_ ("[RUN]"), N_ ("List what runs ask people"), heddle_cli_approvals },
  { "answer", N_ ("RUN [QUESTION]"), N_ ("Answer what a run asks, and let it go on"), heddle_cli_answer },
  { "activate", N_ ("NAME"), N_ ("Serve a stored workflow from now on"), heddle_cli_activate },
  { "deactivate", N_ ("NAME"), N_ ("Stop serving a workflow"), heddle_cli_deactivate },
  { "serve", N_ ("[FILE|NAME…]"), N_ ("Serve the active workflows, and these, without a window"), heddle_cli_serve },
  { "templates", N_ ("[list|export NAME|import FILE|delete NAME]"), N_ ("List, export, import or delete saved nodes"), heddle_cli_templates },
  { "variables", N_ ("[list|get NAME|set NAME JSON|delete NAME]"), N_ ("List, read and change the variables of all runs"), heddle_cli_variables },
  { "knowledge", N_ ("[BASE [PATH…]]"), N_ ("List knowledge bases, add documents or search"), heddle_cli_knowledge },
  { "memory", N_ ("list|show|search|forget|export|import [MEMORY…]"), N_ ("Look at what workflows remember, and change it"), heddle_cli_memory },
  { "conversations", N_ ("[list|show ID|clear ID|clear all]"), N_ ("List, show or clear kept conversations with models"), heddle_cli_conversations },
  { "cache", N_ ("[clear|limit MIB]"), N_ ("Look at results that nodes use again, or clear them"), heddle_cli_cache },
  { "mcp", N_ ("[list | tools SERVER | call SERVER TOOL [JSON] | add NAME (URL | -- COMMAND…) | remove NAME]"), N_ ("List MCP servers and their tools, or call one"), heddle_cli_mcp },
  { "credentials", N_ ("[set|delete NAME]"), N_ ("List credentials, enter or delete one"), heddle_cli_credentials },
  { "prices", N_ ("[import FILE|set MODEL INPUT OUTPUT|remove MODEL]"), N_ ("List, import or set the prices of models"), heddle_cli_prices },
  { "nodes", NULL, N_ ("List the node types"), heddle_cli_nodes },
  { "schema", NULL, N_ ("Print the JSON Schema of workflow files"), heddle_cli_schema },
  { "expr", N_ ("EXPRESSION|--batch FILE"), N_ ("Evaluate an expression"), heddle_cli_expr },
};

const HeddleCliCommand *
heddle_cli_find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (commands[i].name, name) == 0)
        return &commands[i];
    }
  return NULL;
}

static char *
get_usage (const HeddleCliCommand *command)
{
  return g_strjoin (" ", command->name, command->arguments != NULL ? _ (command->arguments) : NULL, NULL);
}

static guint
measure_usages (void)
{
  guint width = 0;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = get_usage (&commands[i]);

      if (heddle_cli_measure (usage) <= MAX_USAGE_CELLS)
        width = MAX (width, heddle_cli_measure (usage));
    }
  return width;
}

/* What is wider than the column on the left stands above. */
static void
print_row (const char *left,
           const char *right,
           guint width)
{
  gboolean is_wide = heddle_cli_measure (left) > width;
  g_autofree char *padded = heddle_cli_pad (is_wide ? "" : left, width);

  if (is_wide)
    g_print ("  %s\n", left);
  g_print ("  %s  %s\n", padded, right);
}

void
heddle_cli_print_help (void)
{
  guint width = measure_usages ();

  g_print ("%s\n  %s\n  %s\n\n%s\n", _ ("Usage:"), _ ("heddle [FILE…]"), _ ("heddle COMMAND [OPTION…]"),
           _ ("Without a command, Heddle opens its window, with the given workflow files.\n\nCommands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = get_usage (&commands[i]);

      print_row (usage, _ (commands[i].summary), width);
    }
  g_print ("\n%s\n", _ ("Options:"));
  print_row ("-h, --help", _ ("Show this help"), width);
  print_row ("--version", _ ("Show the version"), width);
  g_print ("\n%s\n", _ ("“heddle COMMAND --help” shows the options of a command."));
}

gboolean
heddle_cli_parse (const char *name,
                  const GOptionEntry *entries,
                  int *argc,
                  char ***argv,
                  int *status)
{
  const HeddleCliCommand *command = heddle_cli_find_command (name);
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments != NULL ? _ (command->arguments) : NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_strconcat ("heddle ", name, NULL);

  g_set_prgname (program);
  g_option_context_set_summary (context, _ (command->summary));
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  *status = heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  return FALSE;
}

gboolean
heddle_cli_parse_word (const char *word,
                       const char *const *words,
                       const char *option,
                       int *value,
                       GError **error)
{
  g_autofree char *list = NULL;

  *value = 0;
  for (int i = 0; word != NULL && words[i] != NULL; i++)
    {
      *value = i;
      if (strcmp (words[i], word) == 0)
        return TRUE;
    }
  if (word == NULL)
    return TRUE;
  list = g_strjoinv (", ", (char **) words);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("%s takes one of: %s."), option, list);
  return FALSE;
}

int
heddle_cli_fail (int status,
                 const char *message)
{
  g_printerr ("heddle: %s\n", message);
  return status;
}

int
heddle_cli_fail_error (int status,
                       const GError *error)
{
  const HeddleErrorDetail *detail = heddle_error_detail (error);
  g_autofree char *message = heddle_cli_clip (error->message, 0);

  g_printerr ("heddle: %s\n", message);
  if (detail != NULL && detail->hint != NULL)
    g_printerr ("  %s\n", detail->hint);
  return status;
}

int
heddle_cli_fail_request (const GError *error)
{
  return heddle_cli_fail_error (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND) ? HEDDLE_EXIT_USAGE : HEDDLE_EXIT_FAILED, error);
}

int
heddle_cli_fail_usage (const char *name)
{
  g_autofree char *usage = get_usage (heddle_cli_find_command (name));

  g_printerr (_ ("Usage: heddle %s\n“heddle %s --help” shows the options.\n"), usage, name);
  return HEDDLE_EXIT_USAGE;
}

static char *
read_stream (FILE *stream,
             const char *name,
             gsize *length,
             GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[65536];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stream)) > 0)
    {
      if (text->len + n > HEDDLE_JSON_MAX_BYTES)
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("%s is larger than %d MB, the most that Heddle reads."),
                       name, HEDDLE_JSON_MAX_BYTES / (1024 * 1024));
          return NULL;
        }
      g_string_append_len (text, buffer, n);
    }
  if (ferror (stream))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("%s could not be read: %s."), name, g_strerror (errno));
      return NULL;
    }
  *length = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
heddle_cli_read_file (const char *path,
                      gsize *length,
                      GError **error)
{
  g_autofree char *name = g_strdup_printf (_ ("“%s”"), path);
  FILE *stream;
  char *text;

  if (strcmp (path, "-") == 0)
    return read_stream (stdin, _ ("Standard input"), length, error);
  stream = g_fopen (path, "rbe");
  if (stream == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("%s could not be opened: %s."), name, g_strerror (errno));
      return NULL;
    }
  text = read_stream (stream, name, length, error);
  fclose (stream);
  return text;
}

gboolean
heddle_cli_is_file (const char *path_or_name)
{
  return strchr (path_or_name, '/') != NULL || g_str_has_suffix (path_or_name, ".json") ||
         strcmp (path_or_name, "-") == 0 || g_file_test (path_or_name, G_FILE_TEST_IS_REGULAR);
}

static void
print_foreign (const HeddleForeignWorkflow *foreign)
{
  g_autofree char *summary = heddle_foreign_workflow_describe (foreign);

  g_printerr ("%s\n", summary);
  for (guint i = 0; i < foreign->notes->len; i++)
    {
      g_autofree char *note = heddle_cli_clip (g_ptr_array_index (foreign->notes, i), 0);

      g_printerr ("- %s\n", note);
    }
}

static HeddleGraph *
load_graph_file (const char *path,
                 GError **error)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autofree char *text = NULL;
  g_autofree char *ours = NULL;
  HeddleGraph *graph;
  gsize length;

  text = heddle_cli_read_file (path, &length, error);
  if (text == NULL)
    return NULL;
  if (length == 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is empty. Export the workflow again."), path);
      return NULL;
    }
  ours = heddle_foreign_to_ours (text, (gssize) length, &foreign, error);
  graph = ours != NULL ? heddle_graph_new_from_json (ours, foreign != NULL ? -1 : (gssize) length, error) : NULL;
  if (graph == NULL)
    g_prefix_error (error, "%s: ", path);
  else if (foreign != NULL)
    print_foreign (foreign);
  return graph;
}

static HeddleGraph *
load_graph_stored (HeddleStore *store,
                   const char *name,
                   GError **error)
{
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (HeddleDocument) document = NULL;
  HeddleWorkflowInfo *info;

  info = heddle_store_load_workflow (store, name, &journal, error);
  if (info == NULL)
    return NULL;
  graph = heddle_graph_new_from_json (info->json, -1, error);
  heddle_workflow_info_free (info);
  if (graph == NULL)
    return NULL;
  document = heddle_document_new (graph);
  if (journal != NULL && !heddle_document_replay (document, journal, error))
    return NULL;
  return g_object_ref (heddle_document_get_graph (document));
}

HeddleGraph *
heddle_cli_load_graph (HeddleStore *store,
                       const char *path_or_name,
                       GError **error)
{
  if (store == NULL || heddle_cli_is_file (path_or_name))
    return load_graph_file (path_or_name, error);
  return load_graph_stored (store, path_or_name, error);
}

gboolean
heddle_cli_check_node (HeddleGraph *graph,
                       const char *option,
                       const char *node,
                       GError **error)
{
  if (node == NULL || heddle_graph_find_node (graph, node) != NULL)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("%s: the workflow has no node “%s”."), option, node);
  return FALSE;
}

void
heddle_cli_print_json (JsonNode *node,
                       HeddleJsonFlags flags)
{
  g_autofree char *text = heddle_json_to_text (node, flags);

  g_print ("%s\n", text);
}

void
heddle_cli_print_problems (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);
      const char *severity = problem->severity == HEDDLE_SEVERITY_ERROR ? _ ("error") : _ ("warning");
      g_autofree char *message = NULL;

      message = heddle_cli_clip (problem->message, 0);
      if (problem->node != NULL)
        g_printerr ("%s: %s%s%s: %s\n", severity, problem->node, problem->param != NULL ? "." : "",
                    problem->param != NULL ? problem->param : "", message);
      else
        g_printerr ("%s: %s\n", severity, message);
    }
}

char *
heddle_cli_format_time (gint64 microseconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}
