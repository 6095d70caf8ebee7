/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include <string.h>

static JsonNode *
load_context (const char *path,
              GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (path == NULL)
    return heddle_json_object (json_object_new ());
  text = heddle_cli_read_file (path, &length, error);
  return text != NULL ? heddle_json_parse (text, length, error) : NULL;
}

/* One JSON line: {"value": …} or {"error": "…", "column": n}. */
static gboolean
print_result (const char *source,
              const HeddleScope *scope)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (source, &error);
  g_autoptr (JsonNode) value = expr != NULL ? heddle_expr_evaluate (expr, scope, &error) : NULL;
  g_autoptr (GString) line = g_string_new (NULL);

  if (value != NULL)
    {
      g_string_append (line, "{\"value\":");
      heddle_json_append_text (line, value, HEDDLE_JSON_COMPACT, 0);
    }
  else
    {
      g_string_append (line, "{\"error\":");
      heddle_json_append_string (line, error->message);
      g_string_append_printf (line, ",\"column\":%u", heddle_expr_error_column (error));
    }
  g_print ("%s}\n", line->str);
  return value != NULL;
}

static int
print_batch (const char *path,
             const HeddleScope *scope)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  text = heddle_cli_read_file (path, &length, &error);
  if (text == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  if (g_str_has_suffix (text, "\n"))
    text[strlen (text) - 1] = '\0';
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    print_result (lines[i], scope);
  return HEDDLE_EXIT_OK;
}

/* An expression may begin with a minus sign, which is then no option. */
static gboolean
is_option (const char *argument)
{
  const char *const options[] = { "--context", "--batch", "--help", "--", "-h", NULL };

  return g_strv_contains (options, argument) || g_str_has_prefix (argument, "--context=") ||
         g_str_has_prefix (argument, "--batch=");
}

int
heddle_cli_expr (int argc,
                 char **argv)
{
  g_autofree char *context_path = NULL;
  g_autofree char *batch_path = NULL;
  const GOptionEntry entries[] = {
    { "context", 0, 0, G_OPTION_ARG_FILENAME, &context_path, N_ ("JSON file with nodes, vars and input"), N_ ("FILE") },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batch_path, N_ ("File with one expression a line"), N_ ("FILE") },
    { NULL }
  };
  g_autoptr (JsonNode) context = NULL;
  g_autoptr (GError) error = NULL;
  const char *expression = NULL;
  HeddleScope scope;
  int status;

  if (argc > 1 && !is_option (argv[1]))
    {
      expression = argv[1];
      argv[1] = argv[0];
      argc--;
      argv++;
    }
  if (!heddle_cli_parse ("expr", entries, &argc, &argv, &status))
    return status;
  if (expression == NULL && argc > 1)
    expression = argv[--argc];
  if (argc != 1 || (expression == NULL) != (batch_path != NULL))
    return heddle_cli_fail_usage ("expr");
  context = load_context (context_path, &error);
  if (context == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  heddle_scope_init_context (&scope, context);
  if (batch_path != NULL)
    return print_batch (batch_path, &scope);
  return print_result (expression, &scope) ? HEDDLE_EXIT_OK : HEDDLE_EXIT_FAILED;
}
