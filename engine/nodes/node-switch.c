/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

#include <string.h>

#define DEFAULT_PORT "default"
#define DEFAULT_CASES "[{\"name\":\"a\",\"value\":\"a\"},{\"name\":\"b\",\"value\":\"b\"}]"

typedef struct
{
  JsonNode *value;
  JsonNode *cases;
  char *match;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

/* The cases come before it; see list_outputs. */
static const HeddlePortSpec outputs[] = {
  { DEFAULT_PORT, N_ ("Default"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice matches[] = {
  { "exact", N_ ("Exactly equal") },
  { "loose", N_ ("Equal, ignoring case and surrounding space") },
  { "contains", N_ ("The value contains the case, ignoring case") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_VALUE (Params, value, N_ ("Value"), .help = N_ ("What is compared with the cases. Empty: the input."), .placeholder = "{{ $router.output }}", .is_main = TRUE),
  HEDDLE_CASES (Params, cases, N_ ("Cases"), .help = N_ ("Each case has a port of its own. The first that matches is taken, else Default."), .def.s = DEFAULT_CASES),
  HEDDLE_CHOICE (Params, match, N_ ("Comparison"), .help = N_ ("Models often answer with other capitals or a line break, which the last two forgive."), .def.s = "exact", .choices = matches),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "case", N_ ("Case"), HEDDLE_VALUE_TEXT },
  { NULL },
};

static JsonNode *
dup_cases (JsonObject *values)
{
  JsonNode *cases = values != NULL ? json_object_get_member (values, "cases") : NULL;

  return cases != NULL ? json_node_ref (cases) : heddle_json_parse (DEFAULT_CASES, -1, NULL);
}

static void
add_port (GPtrArray *ports, GHashTable *names, const char *name)
{
  if (*name != '\0' && g_hash_table_add (names, (gpointer) name))
    g_ptr_array_add (ports, g_strdup (name));
}

static GPtrArray *
list_outputs (JsonObject *values)
{
  GPtrArray *ports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (JsonNode) cases = dup_cases (values);
  JsonArray *rows = JSON_NODE_HOLDS_ARRAY (cases) ? json_node_get_array (cases) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    add_port (ports, names, heddle_json_get_string (json_array_get_element (rows, i), "name", ""));
  add_port (ports, names, DEFAULT_PORT);
  return ports;
}

static char *
fold (JsonNode *value)
{
  g_autofree char *shown = heddle_json_to_display (value);

  return g_utf8_casefold (g_strstrip (shown), -1);
}

static gboolean
texts_match (JsonNode *value, JsonNode *expected, gboolean contains)
{
  g_autofree char *text = fold (value);
  g_autofree char *wanted = fold (expected);

  if (contains)
    return *wanted != '\0' && strstr (text, wanted) != NULL;
  return strcmp (text, wanted) == 0;
}

/* A case is written as text, so 2 equals "2". */
static gboolean
is_same (JsonNode *value, JsonNode *expected)
{
  g_autofree char *text = NULL;
  g_autofree char *wanted = NULL;

  if (heddle_json_equal (value, expected))
    return TRUE;
  if (heddle_json_is_null (value) || heddle_json_is_null (expected))
    return FALSE;
  text = heddle_json_to_display (value);
  wanted = heddle_json_to_display (expected);
  return strcmp (text, wanted) == 0;
}

static gboolean
matches_case (const char *match, JsonNode *value, JsonNode *row)
{
  JsonNode *expected = heddle_json_member (row, "value");

  if (expected == NULL)
    return FALSE;
  if (g_str_equal (match, "exact"))
    return is_same (value, expected);
  return texts_match (value, expected, g_str_equal (match, "contains"));
}

static const char *
choose (const Params *p, JsonNode *value)
{
  JsonArray *rows = json_node_get_array (p->cases);

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);

      if (matches_case (p->match, value, row))
        return heddle_json_get_string (row, "name", DEFAULT_PORT);
    }
  return DEFAULT_PORT;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  JsonNode *input = heddle_node_run_get_input (node_run, "in");
  const char *port = choose (p, p->value != NULL ? p->value : input);

  heddle_node_run_set_result (node_run, "case", heddle_json_string (port));
  heddle_node_run_complete_port (node_run, port, input != NULL ? json_node_ref (input) : heddle_json_null ());
}

static void
check (JsonObject *values, const char *node_id, GPtrArray *problems)
{
  g_autoptr (JsonNode) cases = dup_cases (values);
  JsonArray *rows = JSON_NODE_HOLDS_ARRAY (cases) ? json_node_get_array (cases) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      if (strcmp (heddle_json_get_string (json_array_get_element (rows, i), "name", ""), DEFAULT_PORT) == 0)
        g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node_id, NULL, "cases",
                                                       _ ("“default” is the port for everything else. Give the case another name.")));
    }
}

static char *
describe (JsonObject *values)
{
  const char *value = heddle_params_get_string (values, "value", "");
  g_autoptr (GPtrArray) ports = list_outputs (values);

  if (*value != '\0')
    return g_strdup (value);
  return g_strdup_printf (ngettext ("%u case", "%u cases", ports->len - 1), ports->len - 1);
}

const HeddleNodeType heddle_node_type_switch = {
  .id = "switch",
  .version = 1,
  .title = N_ ("Switch"),
  .summary = N_ ("Takes the branch whose case equals a value."),
  .keywords = N_ ("case branch route choose match category"),
  .icon_name = "heddle-switch-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"match\":\"loose\",\"cases\":[{\"name\":\"billing\",\"value\":\"billing\"},"
             "{\"name\":\"technical\",\"value\":\"technical\"}]},"
             "\"inputs\":{\"in\":\"Technical\\n\"},\"outputs\":{\"technical\":\"Technical\\n\"}}",
  .list_outputs = list_outputs,
  .describe = describe,
  .check = check,
  .run = run,
};
