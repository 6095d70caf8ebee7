/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-value-text.h"
#include "inspector/heddle-completion-path.h"
#include "inspector/heddle-completion-source.h"
#include "inspector/heddle-data-scope.h"
#include "inspector/heddle-expression-field.h"
#include "test-script.h"

#include <string.h>

/* What is proposed while an expression is written, without a window. */

typedef struct
{
  HeddleDocument *document;
  HeddleTrace *trace;
  HeddleParamContext context;
} Fixture;

static const char workflow[] =
  "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
  "{\"id\":\"start\",\"type\":\"input\",\"params\":{\"fields\":[{\"name\":\"message\",\"type\":\"text\"}]}},"
  "{\"id\":\"shop\",\"type\":\"http\",\"title\":\"Ask the shop\",\"params\":{\"url\":\"http://localhost\"}},"
  "{\"id\":\"note\",\"type\":\"template\"},"
  "{\"id\":\"other\",\"type\":\"template\"},"
  "{\"id\":\"map1\",\"type\":\"map\"},"
  "{\"id\":\"inner\",\"type\":\"template\",\"parent\":\"map1\"},"
  "{\"id\":\"keep\",\"type\":\"variable\",\"params\":{\"name\":\"total\"}}],"
  "\"edges\":[{\"from\":\"start\",\"to\":\"shop\"},{\"from\":\"shop\",\"to\":\"keep\"},{\"from\":\"keep\",\"to\":\"note\"},{\"from\":\"shop\",\"to\":\"map1\"},"
  "{\"from\":\"map1.item\",\"to\":\"inner\"},{\"from\":\"inner\",\"to\":\"map1.result\"}]}";

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (workflow, -1, &error);

  g_assert_no_error (error);
  f->document = heddle_document_new (graph);
  f->context = (HeddleParamContext){ .document = f->document, .node_id = "note" };
  f->context.globals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_hash_table_unref (f->context.globals);
  g_clear_object (&f->trace);
  g_assert_finalize_object (f->document);
}

static void
run (Fixture *f)
{
  TestScript script = test_script_new ();

  test_script_add (&script, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"workflow\":\"w\",\"name\":\"Shop\",\"input\":{\"message\":\"hello\"}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "shop", "{\"title\":\"Ask the shop\",\"type\":\"http\",\"inputs\":{\"in\":{\"message\":\"hello\"}}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "shop",
                   "{\"result\":{\"output\":{\"items\":[{\"name\":\"Bolt\",\"unit price\":2.5}],\"x-id\":7,\"größe\":1},\"status\":200},\"live\":[\"out\"]}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "keep", "{\"title\":\"Keep\",\"type\":\"variable\"}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "keep", "{\"result\":{\"output\":3,\"value\":[1,2]},\"live\":[\"out\"]}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "map1", "{\"title\":\"Each\",\"type\":\"map\",\"params\":{\"items\":[{\"id\":1},{\"id\":2}]}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "inner", "{\"title\":\"Inner\",\"type\":\"template\"}")->scope = g_ref_string_new ("map1#1");
  f->trace = heddle_trace_new ("run-1", g_get_real_time ());
  heddle_trace_apply (f->trace, script.events);
  g_ptr_array_unref (script.events);
  f->context.trace = f->trace;
}

/* The expression with the first of the proposals taken that have this name. */
static char *
complete (Fixture *f, const char *before, const char *name)
{
  g_autoptr (GPtrArray) items = heddle_completion_list (&f->context, before, TRUE);

  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCompletionItem *item = g_ptr_array_index (items, i);
      glong length = g_utf8_strlen (before, -1) - (glong) item->n_replaced;
      g_autofree char *kept = NULL;

      if (strcmp (item->name, name) != 0)
        continue;
      g_assert_cmpint (length, >=, 0);
      kept = g_utf8_substring (before, 0, length);
      return g_strconcat (kept, item->insert, NULL);
    }
  return NULL;
}

static void
assert_completes (Fixture *f, const char *before, const char *name, const char *expected)
{
  g_autofree char *written = complete (f, before, name);

  g_assert_cmpstr (written, ==, expected);
}

static guint
count (Fixture *f, const char *before, gboolean is_wanted)
{
  g_autoptr (GPtrArray) items = heddle_completion_list (&f->context, before, is_wanted);

  return items->len;
}

static void
test_nodes (Fixture *f, gconstpointer data)
{
  assert_completes (f, "$", "shop", "$shop");
  assert_completes (f, "1 + $sh", "shop", "1 + $shop");
  /* By its title too, and a node that does not run before is none. */
  assert_completes (f, "$ask", "shop", "$shop");
  assert_completes (f, "$", "other", NULL);
  assert_completes (f, "$", "note", NULL);
  assert_completes (f, "", "formatDate", "formatDate(");
  assert_completes (f, "1 + in", "input", "1 + $input");
  g_assert_cmpuint (count (f, "1 + in", FALSE), ==, 0);
  /* What is written already is no proposal. */
  assert_completes (f, "$shop", "shop", NULL);
}

static void
test_before_any_run (Fixture *f, gconstpointer data)
{
  assert_completes (f, "$start.", "message", "$start.message");
  assert_completes (f, "$shop.st", "status", "$shop.status");
  assert_completes (f, "$vars.", "total", "$vars.total");
  assert_completes (f, "Math.ro", "round", "Math.round(");
  assert_completes (f, "Math.", "PI", "Math.PI");
  assert_completes (f, "$now.sl", "slice", "$now.slice(");
  assert_completes (f, "$nothing.", "output", NULL);
}

static void
test_from_run (Fixture *f, gconstpointer data)
{
  run (f);
  assert_completes (f, "$shop.output.it", "items", "$shop.output.items");
  assert_completes (f, "$shop.output.items.", "[0]", "$shop.output.items[0]");
  assert_completes (f, "$shop.output.items.fi", "filter", "$shop.output.items.filter(");
  assert_completes (f, "$shop.output.items[0].", "name", "$shop.output.items[0].name");
  assert_completes (f, "$shop?.output?.items?.[0]?.na", "name", "$shop?.output?.items?.[0]?.name");
  assert_completes (f, "$shop[\"output\"]['items'][0].na", "name", "$shop[\"output\"]['items'][0].name");
  /* No identifiers: in brackets, in place of the point. */
  assert_completes (f, "$shop.output.items[0].", "unit price", "$shop.output.items[0][\"unit price\"]");
  assert_completes (f, "$shop.output?.x", "x-id", "$shop.output?.[\"x-id\"]");
  assert_completes (f, "$shop.output.gr", "größe", "$shop.output[\"größe\"]");
  assert_completes (f, "$shop.output.items[0].name.", "trim", "$shop.output.items[0].name.trim()");
  assert_completes (f, "$shop.output.items[9].", "name", NULL);
  /* What arrives is read from the run, or from what leads here. */
  assert_completes (f, "$input.", "toFixed", "$input.toFixed(");
  /* Only a run can tell what a call gives; both kinds of methods are there. */
  assert_completes (f, "$x.map(i => i.name).", "join", "$x.map(i => i.name).join(");
}

static void
test_in_frame (Fixture *f, gconstpointer data)
{
  f->context.node_id = "inner";
  assert_completes (f, "$", "map1", "$map1");
  assert_completes (f, "$", "loop", "$loop");
  assert_completes (f, "$loop.", "item", "$loop.item");
  run (f);
  assert_completes (f, "$loop.item.", "id", "$loop.item.id");
  assert_completes (f, "$map1.item.", "id", "$map1.item.id");
  assert_completes (f, "$map1.", "failed", NULL);
  f->context.node_id = "note";
  assert_completes (f, "$loop.", "item", NULL);
}

/* Whatever stands before the cursor, no proposal takes more than is there. */
static void
test_hostile (Fixture *f, gconstpointer data)
{
  static const char *const befores[] = { "", ".", "?.", "]", "].", "$", "$.", "$$", "[].", "[\"].", "\"].", "$a[\"].", "$a[1e9].", "$a[99999999999999999999].",
                                         "1.", "().", "a?", "$a?.?.", "$größe.", "💥.", "$shop.output[\"x\\\"].", "$shop..", ".....", "$shop.output.items[-1]." };
  g_autofree char *deep = g_strnfill (4000, '[');
  g_autofree char *dots = g_strnfill (4000, '.');

  run (f);
  for (guint i = 0; i < G_N_ELEMENTS (befores); i++)
    {
      g_autoptr (GPtrArray) items = heddle_completion_list (&f->context, befores[i], TRUE);

      for (guint j = 0; j < items->len; j++)
        g_assert_cmpuint (((HeddleCompletionItem *) g_ptr_array_index (items, j))->n_replaced, <=, g_utf8_strlen (befores[i], -1));
    }
  g_assert_cmpuint (count (f, deep, FALSE), ==, 0);
  count (f, dots, TRUE);
}

/* By itself, in a template, and in a template within JSON. */
static JsonNode *
evaluate (const char *path, HeddleTemplateViewMode mode, const HeddleScope *scope)
{
  g_autofree char *written = heddle_expression_dup_written (mode, path);
  g_autofree char *text = mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION ? g_strdup (written) : g_strdup_printf (mode == HEDDLE_TEMPLATE_VIEW_JSON ? "\"{{ %s }}\"" : "{{ %s }}", written);
  g_autoptr (JsonNode) json = mode == HEDDLE_TEMPLATE_VIEW_JSON ? heddle_json_parse (text, -1, NULL) : NULL;
  g_autoptr (HeddleExpr) expr = NULL;
  g_autoptr (HeddleTemplate) template_ = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *value;

  if (mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION)
    expr = heddle_expr_compile (text, &error);
  else
    template_ = heddle_template_compile (json != NULL ? json_node_get_string (json) : text, HEDDLE_ESCAPE_NONE, &error);
  g_assert_no_error (error);
  value = expr != NULL ? heddle_expr_evaluate (expr, scope, &error) : heddle_template_expand (template_, scope, TRUE, &error);
  g_assert_no_error (error);
  return value;
}

static void
test_paths (void)
{
  g_autofree char *long_name = g_strnfill (10000, 'x');
  g_autofree char *long_odd_name = g_strnfill (10000, '"');
  const char *const names[] = { "name", "_x1", "$y", "unit price", "1st", "", "a\"b\\c", "größe", "a\nb", "__proto__", "constructor", "length", "in", "typeof", "null",
                                "true", "💥", "}}", "{{ x }}", "${x}", "`", "'", "\\", "a]b[", "a.b", "-1", "\xe2\x80\xa8", "\x01", "output", long_name, long_odd_name };
  static const HeddleTemplateViewMode modes[] = { HEDDLE_TEMPLATE_VIEW_EXPRESSION, HEDDLE_TEMPLATE_VIEW_TEXT, HEDDLE_TEMPLATE_VIEW_JSON };
  g_autoptr (GString) context = g_string_new ("{\"nodes\":{\"a\":{\"output\":{");
  g_autoptr (JsonNode) node = NULL;
  HeddleScope scope;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_string_append (context, i > 0 ? "," : "");
      heddle_json_append_string (context, names[i]);
      g_string_append_printf (context, ":[null,%u]", i);
    }
  g_string_append (context, "}}}}");
  node = heddle_json_parse (context->str, -1, NULL);
  heddle_scope_init_context (&scope, node);
  /* The path leads to where it was made. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GString) path = g_string_new ("$a.output");

      heddle_path_append_member (path, names[i]);
      g_string_append (path, "[1]");
      for (guint j = 0; j < G_N_ELEMENTS (modes); j++)
        {
          g_autoptr (JsonNode) value = evaluate (path->str, modes[j], &scope);

          g_assert_cmpint (heddle_json_is_number (value) ? json_node_get_int (value) : -1, ==, i);
        }
    }
}

/* Of ten thousand members the one that is meant is proposed, and never more than a list can take. */
static void
test_large (Fixture *f, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');
  g_autoptr (GString) json = g_string_new ("{\"result\":{\"output\":{");
  gint64 start;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (json, "\"member%u\":{\"text\":%u},", i, i);
  g_string_append_printf (json, "\"text\":\"%s\"}},\"live\":[\"out\"]}", megabyte);
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "shop", "{\"title\":\"Ask the shop\",\"type\":\"http\"}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "shop", json->str);
  f->trace = heddle_trace_new ("run-1", g_get_real_time ());
  heddle_trace_apply (f->trace, script.events);
  g_ptr_array_unref (script.events);
  f->context.trace = f->trace;

  start = g_get_monotonic_time ();
  assert_completes (f, "$shop.output.member99", "member9999", "$shop.output.member9999");
  assert_completes (f, "$shop.output.MEMBER9998", "member9998", "$shop.output.member9998");
  assert_completes (f, "$shop.output.te", "text", "$shop.output.text");
  assert_completes (f, "$shop.output.member9999.", "text", "$shop.output.member9999.text");
  g_assert_cmpuint (count (f, "$shop.output.", TRUE), <=, 510);
  g_assert_cmpuint (count (f, "$", TRUE), >, 0);
  g_test_message ("each took %.1f ms", (g_get_monotonic_time () - start) / 6e3);
}

static void
assert_line (const char *json, guint max, const char *expected)
{
  g_autoptr (JsonNode) value = heddle_json_parse (json, -1, NULL);
  g_autofree char *line = heddle_value_dup_line (value, max);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_lines (void)
{
  g_autofree char *large = g_strnfill (5 * 1024 * 1024, 'x');
  g_autoptr (JsonNode) value = heddle_json_string (large);
  g_autofree char *line = heddle_value_dup_line (value, 20);

  g_assert_cmpstr (line, ==, "xxxxxxxxxxxxxxxxxxxx…");
  assert_line ("null", 20, "null");
  assert_line ("\"a\\n\\t b\"", 20, "a b");
  assert_line ("12.50", 20, "12.5");
  assert_line ("{\"name\":\"x\",\"price\":{}}", 40, "{ name, price }");
  assert_line ("[1,\"a\",[2],{\"b\":1}]", 40, "[ 1, a, […], { b } ]");
  assert_line ("[]", 40, "[]");
  assert_line ("[{}]", 40, "[ {} ]");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/completion/nodes", Fixture, NULL, set_up, test_nodes, tear_down);
  g_test_add ("/completion/before-any-run", Fixture, NULL, set_up, test_before_any_run, tear_down);
  g_test_add ("/completion/from-run", Fixture, NULL, set_up, test_from_run, tear_down);
  g_test_add ("/completion/in-frame", Fixture, NULL, set_up, test_in_frame, tear_down);
  g_test_add ("/completion/hostile", Fixture, NULL, set_up, test_hostile, tear_down);
  g_test_add ("/completion/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add_func ("/completion/paths", test_paths);
  g_test_add_func ("/completion/lines", test_lines);

  return g_test_run ();
}
