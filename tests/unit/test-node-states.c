/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "registry/heddle-problem.h"
#include "test-document.h"
#include "value/heddle-json.h"

/* Modes of nodes, and what is collapsed: in the file, by undo, when they are copied. */

/* start → map1 { first } → finish, and a frame. */
static const char WORKFLOW[] =
  "{\n"
  "  \"format\": \"heddle-workflow\",\n"
  "  \"version\": 1,\n"
  "  \"id\": \"w\",\n"
  "  \"name\": \"n\",\n"
  "  \"nodes\": [\n"
  "    {\n"
  "      \"id\": \"start\",\n"
  "      \"type\": \"input\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"map1\",\n"
  "      \"type\": \"map\",\n"
  "      \"title\": \"Each\",\n"
  "      \"mode\": \"bypass\",\n"
  "      \"collapsed\": true\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"first\",\n"
  "      \"type\": \"template\",\n"
  "      \"parent\": \"map1\",\n"
  "      \"mode\": \"off\",\n"
  "      \"params\": {\n"
  "        \"text\": \"hello\"\n"
  "      }\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"finish\",\n"
  "      \"type\": \"output\"\n"
  "    }\n"
  "  ],\n"
  "  \"edges\": [\n"
  "    { \"from\": \"start\", \"to\": \"map1\" },\n"
  "    { \"from\": \"map1\", \"to\": \"first\" },\n"
  "    { \"from\": \"first\", \"to\": \"map1\" },\n"
  "    { \"from\": \"map1\", \"to\": \"finish\" }\n"
  "  ],\n"
  "  \"annotations\": [\n"
  "    { \"id\": \"frame\", \"kind\": \"frame\", \"text\": \"Part\", \"rect\": [0, 0, 400, 300], \"collapsed\": true }\n"
  "  ],\n"
  "  \"layout\": {\n"
  "    \"start\": [0, 0],\n"
  "    \"map1\": [300, 0, 576, 240],\n"
  "    \"first\": [484, 96],\n"
  "    \"finish\": [1000, 0]\n"
  "  }\n"
  "}\n";

static HeddleDocument *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return heddle_document_new (graph);
}

static const HeddleNode *
find (HeddleDocument *document, const char *id)
{
  return heddle_graph_find_node (heddle_document_get_graph (document), id);
}

static void
assert_text (HeddleDocument *document, const char *expected)
{
  g_autofree char *text = heddle_test_save (document);

  g_assert_cmpstr (text, ==, expected);
}

static char *
replace (const char *text, const char *old, const char *new)
{
  g_auto (GStrv) parts = g_strsplit (text, old, 2);

  g_assert_nonnull (parts[0]);
  g_assert_nonnull (parts[1]);
  return g_strconcat (parts[0], new, parts[1], NULL);
}

static guint
count_problems (HeddleDocument *document, const char *part, HeddleSeverity severity)
{
  g_autoptr (GPtrArray) problems = heddle_graph_validate (heddle_document_get_graph (document));
  guint n = 0;

  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      n += problem->severity == severity && strstr (problem->message, part) != NULL;
    }
  return n;
}

static void
test_round_trip (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);

  assert_text (document, WORKFLOW);
  g_assert_cmpint (find (document, "start")->mode, ==, HEDDLE_NODE_ON);
  g_assert_cmpint (find (document, "map1")->mode, ==, HEDDLE_NODE_BYPASS);
  g_assert_true (find (document, "map1")->collapsed);
  g_assert_cmpint (find (document, "first")->mode, ==, HEDDLE_NODE_OFF);
  g_assert_true (heddle_graph_find_annotation (heddle_document_get_graph (document), "frame")->collapsed);
}

/* What is usual is left out. */
static void
test_canonical (void)
{
  g_autofree char *off = replace (WORKFLOW, "      \"mode\": \"off\",\n", "");
  g_autofree char *on = replace (WORKFLOW, "\"mode\": \"off\"", "\"mode\": \"on\", \"collapsed\": false");
  g_autoptr (HeddleDocument) document = load (on);

  assert_text (document, off);
}

/* What a newer Heddle wrote stays where it stands and is said; it never counts as something else. */
static void
test_unknown (void)
{
  static const char *const values[] = { "\"asleep\"", "null", "7", "true", "{ \"a\": [1] }", "[]" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const char *const ids[] = { "first", NULL };
      g_autofree char *mode = g_strdup_printf ("\"mode\": %s", values[i]);
      g_autofree char *text = replace (WORKFLOW, "\"mode\": \"off\"", mode);
      g_autofree char *off = NULL;
      g_autoptr (HeddleDocument) document = load (text);

      assert_text (document, text);
      g_assert_cmpint (find (document, "first")->mode, ==, HEDDLE_NODE_ON);
      g_assert_cmpuint (count_problems (document, "“mode”", HEDDLE_SEVERITY_ERROR), ==, 1);
      heddle_document_set_mode (document, ids, HEDDLE_NODE_OFF);
      assert_text (document, WORKFLOW);
      g_assert_cmpuint (count_problems (document, "“mode”", HEDDLE_SEVERITY_ERROR), ==, 0);
      g_assert_true (heddle_document_undo (document));
      assert_text (document, text);
      g_assert_true (heddle_document_redo (document));
      assert_text (document, WORKFLOW);
    }
}

static void
test_unknown_collapsed (void)
{
  g_autofree char *half = replace (WORKFLOW, "400, 300], \"collapsed\": true", "400, 300], \"collapsed\": \"half\"");
  g_autofree char *text = replace (half, "\"collapsed\": true\n", "\"collapsed\": 1\n");
  g_autofree char *open = replace (WORKFLOW, ",\n      \"collapsed\": true", "");
  g_autoptr (HeddleDocument) document = load (text);

  assert_text (document, text);
  g_assert_cmpuint (count_problems (document, "“collapsed”", HEDDLE_SEVERITY_WARNING), ==, 2);
  heddle_document_set_collapsed (document, "frame", TRUE);
  heddle_document_set_collapsed (document, "map1", FALSE);
  assert_text (document, open);
  heddle_document_undo (document);
  heddle_document_undo (document);
  assert_text (document, text);
}

static void
test_modes (void)
{
  const char *const ids[] = { "start", "first", "nobody", "finish", "start", NULL };
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  g_autofree char *label = NULL;

  heddle_document_set_mode (document, ids, HEDDLE_NODE_BYPASS);
  g_assert_cmpint (find (document, "start")->mode, ==, HEDDLE_NODE_BYPASS);
  g_assert_cmpint (find (document, "finish")->mode, ==, HEDDLE_NODE_BYPASS);
  g_object_get (document, "undo-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Bypass");
  heddle_document_set_mode (document, ids, HEDDLE_NODE_BYPASS);
  g_assert_true (heddle_document_undo (document));
  assert_text (document, WORKFLOW);
  g_assert_false (heddle_document_undo (document));
}

static void
count_cb (HeddleDocument *document, HeddleChange *change, guint *flags)
{
  *flags |= change->flags;
}

static void
test_collapse (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  double width, height;
  guint flags = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &flags);
  heddle_node_get_size (find (document, "map1"), &width, &height);
  g_assert_cmpfloat (width, ==, HEDDLE_CARD_WIDTH);
  g_assert_cmpfloat (height, <, HEDDLE_FRAME_HEIGHT);
  heddle_document_set_collapsed (document, "map1", FALSE);
  g_assert_cmpuint (flags, ==, HEDDLE_CHANGE_NODES);
  heddle_node_get_size (find (document, "map1"), &width, &height);
  g_assert_cmpfloat (width, ==, HEDDLE_FRAME_WIDTH);
  g_assert_cmpfloat (height, ==, HEDDLE_FRAME_HEIGHT);
  heddle_document_set_collapsed (document, "frame", FALSE);
  heddle_document_set_collapsed (document, "frame", FALSE);
  g_assert_cmpuint (flags, ==, HEDDLE_CHANGE_NODES | HEDDLE_CHANGE_ANNOTATIONS);
  heddle_document_undo (document);
  heddle_document_undo (document);
  g_assert_false (heddle_document_undo (document));
  assert_text (document, WORKFLOW);
}

static void
test_copy (void)
{
  const char *const ids[] = { "map1", "frame", NULL };
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  g_autofree char *copy = heddle_graph_selection_to_json (heddle_document_get_graph (document), ids);
  g_auto (GStrv) pasted = heddle_document_paste (document, copy, 0, 600, NULL);

  g_assert_cmpuint (g_strv_length (pasted), ==, 3);
  g_assert_cmpint (find (document, "map2")->mode, ==, HEDDLE_NODE_BYPASS);
  g_assert_true (find (document, "map2")->collapsed);
  g_assert_cmpint (find (document, "first2")->mode, ==, HEDDLE_NODE_OFF);
  g_assert_true (heddle_graph_find_annotation (heddle_document_get_graph (document), pasted[2])->collapsed);
}

/* Cards are as tall as what they show: the canvas draws them so, and layouts leave them room. */
static void
test_sizes (void)
{
  g_autoptr (HeddleDocument) document = load (WORKFLOW);
  g_autoptr (JsonNode) cases = heddle_json_parse ("[{\"name\":\"a\",\"value\":\"true\"},{\"name\":\"b\",\"value\":\"true\"},{\"name\":\"c\",\"value\":\"true\"}]", -1, NULL);
  double width, height, tall;
  g_autofree char *id = NULL;

  heddle_node_get_size (find (document, "first"), &width, &height);
  g_assert_cmpfloat (width, ==, HEDDLE_CARD_WIDTH);
  g_assert_cmpfloat (height, ==, HEDDLE_CARD_HEIGHT);
  heddle_document_add_node (document, "llm", NULL, 0, 0);
  heddle_node_get_size (find (document, "llm"), &width, &tall);
  g_assert_cmpfloat (tall, >=, HEDDLE_CARD_HEIGHT + HEDDLE_CARD_TEXT_HEIGHT);
  g_assert_cmpstr (heddle_node_get_text_param (find (document, "llm")), ==, "prompt");
  g_assert_null (heddle_node_get_text_param (find (document, "first")));
  heddle_document_add_node (document, "switch", NULL, 0, 0);
  heddle_node_get_size (find (document, "switch"), &width, &height);
  heddle_document_set_param (document, "switch", "cases", cases);
  heddle_node_get_size (find (document, "switch"), &width, &tall);
  g_assert_cmpfloat (tall, >, height);
  id = g_strdup (heddle_document_add_node (document, "from-the-future", NULL, 0, 0));
  heddle_node_get_size (find (document, id), &width, &height);
  g_assert_cmpfloat (height, ==, HEDDLE_CARD_HEIGHT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/node-states/round-trip", test_round_trip);
  g_test_add_func ("/node-states/canonical", test_canonical);
  g_test_add_func ("/node-states/unknown", test_unknown);
  g_test_add_func ("/node-states/unknown-collapsed", test_unknown_collapsed);
  g_test_add_func ("/node-states/modes", test_modes);
  g_test_add_func ("/node-states/collapse", test_collapse);
  g_test_add_func ("/node-states/copy", test_copy);
  g_test_add_func ("/node-states/sizes", test_sizes);

  return g_test_run ();
}
