/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

typedef struct
{
  char *mode;
  char *result;
  char *separator;
  gboolean cancel_losers;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Inputs"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Merged"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice modes[] = {
  { "any", N_ ("For all that are coming; at least one") },
  { "all", N_ ("For every one; none may be skipped") },
  { "first", N_ ("For the first to arrive") },
  { "always", N_ ("For all, even when every one is skipped") },
  { NULL },
};

static const HeddleChoice result_choices[] = {
  { "auto", N_ ("The value itself when it is one, else an object") },
  { "object", N_ ("An object by the names of the nodes") },
  { "list", N_ ("A list") },
  { "first", N_ ("The first value that is not empty") },
  { "text", N_ ("One text") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_CHOICE (Params, mode, N_ ("Wait"), .help = N_ ("Which of the inputs it waits for. Those on a branch that is not taken count as skipped."), .def.s = "any", .choices = modes, .is_main = TRUE),
  HEDDLE_CHOICE (Params, result, N_ ("Result"), .help = N_ ("How the inputs are put together, always in the order of the connections."), .def.s = "auto", .choices = result_choices),
  HEDDLE_STRING (Params, separator, N_ ("Separator"), .help = N_ ("What stands between the texts. A line break is written as \\n."), .def.s = "\\n\\n", .visible_if = "result=text"),
  HEDDLE_BOOLEAN (Params, cancel_losers, N_ ("Stop the others"), .help = N_ ("Once the first has arrived, what works on the other branches for this node alone is stopped."), .def.b = FALSE, .visible_if = "mode=first"),
  { NULL },
};

static HeddleJoin
get_join (JsonObject *values, const char *port)
{
  const char *mode = heddle_params_get_string (values, "mode", "any");

  if (g_str_equal (mode, "all"))
    return HEDDLE_JOIN_ALL;
  if (g_str_equal (mode, "first"))
    return HEDDLE_JOIN_FIRST;
  return g_str_equal (mode, "always") ? HEDDLE_JOIN_ALWAYS : HEDDLE_JOIN_ANY;
}

static JsonNode *
to_object (HeddleNodeRun *node_run)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < heddle_node_run_get_n_inputs (node_run, "in"); i++)
    {
      const char *source;
      JsonNode *value = heddle_node_run_get_nth_input (node_run, "in", i, &source);

      json_object_set_member (object, source, json_node_ref (value));
    }
  return heddle_json_object (object);
}

static JsonNode *
to_list (HeddleNodeRun *node_run)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < heddle_node_run_get_n_inputs (node_run, "in"); i++)
    json_array_add_element (list, json_node_ref (heddle_node_run_get_nth_input (node_run, "in", i, NULL)));
  return heddle_json_array (list);
}

static JsonNode *
to_first (HeddleNodeRun *node_run)
{
  for (guint i = 0; i < heddle_node_run_get_n_inputs (node_run, "in"); i++)
    {
      JsonNode *value = heddle_node_run_get_nth_input (node_run, "in", i, NULL);

      if (!heddle_json_is_blank (value))
        return json_node_ref (value);
    }
  return heddle_json_null ();
}

static JsonNode *
to_text (HeddleNodeRun *node_run, const char *separator)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *between = g_strcompress (separator);
  gboolean first = TRUE;

  for (guint i = 0; i < heddle_node_run_get_n_inputs (node_run, "in"); i++)
    {
      JsonNode *value = heddle_node_run_get_nth_input (node_run, "in", i, NULL);
      g_autofree char *shown = heddle_json_to_display (value);

      if (*shown == '\0')
        continue;
      g_string_append_printf (text, "%s%s", first ? "" : between, shown);
      first = FALSE;
    }
  return heddle_json_string (text->str);
}

static JsonNode *
to_auto (HeddleNodeRun *node_run)
{
  JsonNode *input = heddle_node_run_get_input (node_run, "in");

  return input != NULL ? json_node_ref (input) : heddle_json_null ();
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  JsonNode *output;

  if (p->cancel_losers && g_str_equal (p->mode, "first"))
    heddle_node_run_cancel_losers (node_run);
  if (g_str_equal (p->result, "object"))
    output = to_object (node_run);
  else if (g_str_equal (p->result, "list"))
    output = to_list (node_run);
  else if (g_str_equal (p->result, "first"))
    output = to_first (node_run);
  else if (g_str_equal (p->result, "text"))
    output = to_text (node_run, p->separator != NULL ? p->separator : "");
  else
    output = to_auto (node_run);
  heddle_node_run_complete (node_run, output);
}

static char *
describe (JsonObject *values)
{
  const char *mode = heddle_params_get_string (values, "mode", "any");

  for (const HeddleChoice *c = modes; c->id != NULL; c++)
    {
      if (g_str_equal (c->id, mode))
        return g_strdup (_ (c->title));
    }
  return NULL;
}

const HeddleNodeType heddle_node_type_merge = {
  .id = "merge",
  .version = 1,
  .title = N_ ("Merge"),
  .summary = N_ ("Brings several branches together again."),
  .keywords = N_ ("join combine collect gather wait fan-in concatenate"),
  .icon_name = "heddle-merge-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .example = "{\"params\":{\"result\":\"text\",\"separator\":\", \"},"
             "\"sources\":{\"in\":{\"first\":\"one\",\"second\":2}},\"outputs\":{\"out\":\"one, 2\"}}",
  .describe = describe,
  .get_join = get_join,
  .run = run,
};
