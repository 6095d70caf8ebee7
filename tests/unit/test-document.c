/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "value/heddle-json.h"

static HeddleDocument *
new_document (void)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new ();

  return heddle_document_new (graph);
}

static char *
save (HeddleDocument *document)
{
  return heddle_graph_to_json (heddle_document_get_graph (document));
}

/* start → check (if-else), check.true → yes (template), check.false → no, both → finish */
static HeddleDocument *
new_branching (void)
{
  static const char *const edges[][3] = {
    { "start", "", "check" },
    { "check", "true", "yes" },
    { "check", "false", "no" },
    { "yes", "", "finish" },
    { "no", "", "finish" },
  };
  static const char text[] =
    "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"n\",\"nodes\":["
    "{\"id\":\"start\",\"type\":\"input\"},"
    "{\"id\":\"check\",\"type\":\"if-else\",\"params\":{\"condition\":\"$start.message === 'a'\"}},"
    "{\"id\":\"yes\",\"type\":\"template\",\"params\":{\"text\":\"Yes {{ $check.output }} {{ $start.message }}\"}},"
    "{\"id\":\"no\",\"type\":\"template\",\"params\":{\"text\":\"No $start {{ $check.output }}\"}},"
    "{\"id\":\"finish\",\"type\":\"output\"}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);
  HeddleDocument *document;

  g_assert_no_error (error);
  document = heddle_document_new (graph);
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      heddle_document_connect (document, edges[i][0], edges[i][1], edges[i][2], NULL, &error);
      g_assert_no_error (error);
    }
  return document;
}

static void
assert_text (HeddleDocument *document, const char *id, const char *param, const char *expected)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (document), id);

  g_assert_nonnull (node);
  g_assert_cmpstr (json_object_get_string_member_with_default (node->params, param, NULL), ==, expected);
}

static void
set_text (HeddleDocument *document, const char *id, const char *param, const char *text)
{
  g_autoptr (JsonNode) value = heddle_json_string (text);

  heddle_document_set_param (document, id, param, value);
}

static void
test_add (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  g_autofree char *empty = save (document);
  g_autofree char *again = NULL;
  g_autofree char *label = NULL;
  const HeddleNode *node;

  g_assert_cmpstr (heddle_document_add_node (document, "input", NULL, 0, 0), ==, "start");
  g_assert_cmpstr (heddle_document_add_node (document, "if-else", NULL, 1e300, 7.12345), ==, "ifElse");
  g_assert_cmpstr (heddle_document_add_node (document, "if-else", NULL, 0, 0), ==, "ifElse2");
  g_assert_cmpstr (heddle_document_add_node (document, "if-else", NULL, 0, 0), ==, "ifElse3");
  node = heddle_graph_find_node (heddle_document_get_graph (document), "ifElse");
  g_assert_cmpfloat (node->x, ==, HEDDLE_CANVAS_LIMIT);
  g_assert_cmpfloat (node->y, ==, 7.12);
  g_assert_cmpuint (node->index, ==, 1);
  g_object_get (document, "undo-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Add Node");

  for (guint i = 0; i < 4; i++)
    g_assert_true (heddle_document_undo (document));
  g_assert_false (heddle_document_undo (document));
  again = save (document);
  g_assert_cmpstr (again, ==, empty);
}

static void
test_free_ids_are_fast (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  gint64 start = g_get_monotonic_time ();
  const char *id = NULL;

  for (guint i = 0; i < 10000; i++)
    id = heddle_document_add_node (document, "template", NULL, 0, 0);
  g_assert_cmpstr (id, ==, "template10000");
  g_test_message ("add 10 000 nodes: %.1f ms", (g_get_monotonic_time () - start) / 1e3);
}

static void
test_groups (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;
  g_autofree char *reverted = NULL;
  static const char *const ids[] = { "yes", "no", NULL };

  heddle_document_begin (document, "Outer");
  heddle_document_add_node (document, "template", NULL, 0, 0);
  heddle_document_begin (document, "Inner");
  heddle_document_remove (document, ids, FALSE);
  g_assert_false (heddle_document_undo (document));
  heddle_document_abort (document);
  g_assert_nonnull (heddle_graph_find_node (heddle_document_get_graph (document), "yes"));
  heddle_document_move (document, ids, 16, 0);
  heddle_document_end (document);
  after = save (document);
  g_assert_cmpstr (after, !=, before);

  g_assert_true (heddle_document_undo (document));
  reverted = save (document);
  g_assert_cmpstr (reverted, ==, before);
}

static void
count_cb (HeddleDocument *document, HeddleChange *change, guint *count)
{
  (*count)++;
}

static void
test_abort_leaves_nothing (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;
  g_autofree char *label = NULL;
  guint count = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &count);
  heddle_document_begin (document, "Gesture");
  heddle_document_add_node (document, "template", NULL, 0, 0);
  heddle_document_set_name (document, "Other");
  heddle_document_abort (document);
  heddle_document_begin (document, "Nothing");
  heddle_document_end (document);
  after = save (document);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (count, ==, 0);
  g_object_get (document, "undo-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Connect");
}

static void
test_typing_is_one_step (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;

  set_text (document, "yes", "text", "H");
  set_text (document, "yes", "text", "He");
  set_text (document, "yes", "text", "Hey");
  assert_text (document, "yes", "text", "Hey");
  set_text (document, "no", "text", "x");
  g_assert_true (heddle_document_undo (document));
  assert_text (document, "yes", "text", "Hey");
  g_assert_true (heddle_document_undo (document));
  after = save (document);
  g_assert_cmpstr (after, ==, before);
  g_assert_true (heddle_document_redo (document));
  assert_text (document, "yes", "text", "Hey");
  /* After undo or redo a new step begins. */
  set_text (document, "yes", "text", "Hey!");
  g_assert_true (heddle_document_undo (document));
  assert_text (document, "yes", "text", "Hey");
}

static void
test_typing_back_is_no_step (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  gboolean can_undo;

  heddle_document_set_name (document, "a");
  heddle_document_set_name (document, "");
  g_object_get (document, "can-undo", &can_undo, NULL);
  g_assert_false (can_undo);
}

static void
test_defaults_are_left_out (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  const char *id = heddle_document_add_node (document, "merge", NULL, 0, 0);
  const HeddleNode *node;

  set_text (document, id, "result", "list");
  set_text (document, id, "mode", "all");
  set_text (document, id, "mode", "any");
  node = heddle_graph_find_node (heddle_document_get_graph (document), "merge");
  g_assert_cmpuint (json_object_get_size (node->params), ==, 1);
  heddle_document_set_param (document, "merge", "result", NULL);
  node = heddle_graph_find_node (heddle_document_get_graph (document), "merge");
  g_assert_cmpuint (json_object_get_size (node->params), ==, 0);
}

static void
test_remove (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;
  const char *const ids[] = { heddle_graph_find_node (graph, "check")->id, heddle_graph_find_node (graph, "yes")->id,
                              "nobody", NULL };

  heddle_document_remove (document, ids, FALSE);
  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 3);
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 1);
  g_assert_cmpuint (heddle_graph_get_in_edges (graph, "no")->len, ==, 0);
  g_assert_true (heddle_document_undo (document));
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
test_remove_reconnects (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  static const char *const chain[] = { "check", "yes", NULL };
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;

  heddle_document_remove (document, chain, TRUE);
  g_assert_nonnull (heddle_graph_find_edge (graph, "start", "out", "no", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "start", "out", "finish", "in"));
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 3);
  g_assert_true (heddle_document_undo (document));
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
test_rename (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_document_rename (document, "start", "message_in", &error));
  g_assert_no_error (error);
  g_assert_null (heddle_graph_find_node (graph, "start"));
  g_assert_cmpuint (heddle_graph_find_node (graph, "message_in")->index, ==, 0);
  g_assert_nonnull (heddle_graph_find_edge (graph, "message_in", "out", "check", "in"));
  assert_text (document, "check", "condition", "$message_in.message === 'a'");
  assert_text (document, "yes", "text", "Yes {{ $check.output }} {{ $message_in.message }}");
  g_assert_true (heddle_document_rename (document, "message_in", "message_in", &error));
  g_assert_true (heddle_document_undo (document));
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
test_rename_is_refused (void)
{
  static const char *const names[] = { "check", "", "a b", "1a", "input", "é", "a.b", "$a" };
  g_autoptr (HeddleDocument) document = new_branching ();
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (heddle_document_rename (document, "yes", names[i], &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
set_cases (HeddleDocument *document, const char *json)
{
  g_autoptr (JsonNode) value = heddle_json_parse (json, -1, NULL);

  heddle_document_set_param (document, "switch", "cases", value);
}

static void
test_edges_follow_cases (void)
{
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autoptr (GError) error = NULL;

  heddle_document_add_node (document, "switch", NULL, 0, 0);
  g_assert_true (heddle_document_connect (document, "switch", "a", "yes", "in", &error));
  g_assert_true (heddle_document_connect (document, "switch", "b", "no", "in", &error));
  /* Typing a new name takes the edge along, as one step. */
  set_cases (document, "[{\"name\":\"x\",\"value\":\"a\"},{\"name\":\"b\",\"value\":\"b\"}]");
  set_cases (document, "[{\"name\":\"xy\",\"value\":\"a\"},{\"name\":\"b\",\"value\":\"b\"}]");
  g_assert_nonnull (heddle_graph_find_edge (graph, "switch", "xy", "yes", "in"));
  g_assert_true (heddle_document_undo (document));
  g_assert_nonnull (heddle_graph_find_edge (graph, "switch", "a", "yes", "in"));
  g_assert_true (heddle_document_redo (document));
  /* Another order keeps both, a removed case loses its edge. */
  set_cases (document, "[{\"name\":\"b\",\"value\":\"b\"},{\"name\":\"xy\",\"value\":\"a\"}]");
  g_assert_cmpuint (heddle_graph_get_out_edges (graph, "switch")->len, ==, 2);
  set_cases (document, "[{\"name\":\"b\",\"value\":\"b\"}]");
  g_assert_null (heddle_graph_find_edge (graph, "switch", "xy", "yes", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "switch", "b", "no", "in"));
}

static void
test_paste (void)
{
  static const char *const ids[] = { "start", "check", "yes", NULL };
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;
  g_autofree char *part = heddle_graph_selection_to_json (graph, ids);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) new_ids = heddle_document_paste (document, part, 1000, 2000, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (new_ids), ==, 3);
  g_assert_cmpstr (new_ids[0], ==, "start2");
  g_assert_cmpstr (new_ids[1], ==, "check2");
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 7);
  g_assert_nonnull (heddle_graph_find_edge (graph, "check2", "true", "yes2", "in"));
  assert_text (document, "yes2", "text", "Yes {{ $check2.output }} {{ $start2.message }}");
  assert_text (document, "yes", "text", "Yes {{ $check.output }} {{ $start.message }}");
  g_assert_cmpfloat (heddle_graph_find_node (graph, "start2")->x, >=, 1000);
  g_assert_true (heddle_document_undo (document));
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

/* References to what is not pasted stay; names that only look alike are not touched. */
static void
test_paste_elsewhere (void)
{
  static const char part[] =
    "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
    "{\"id\":\"yes\",\"type\":\"template\",\"params\":{\"text\":\"{{ $yes2.output }} {{ $yes.x }} {{ $start.message }} {{ $yesno }}\"}},"
    "{\"id\":\"yes2\",\"type\":\"template\"},{\"id\":\"input\",\"type\":\"output\"}],"
    "\"annotations\":[{\"id\":\"no\",\"kind\":\"note\",\"text\":\"t\",\"rect\":[0,0,10,10]}]}";
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = heddle_document_paste (document, part, 0, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ids[0], ==, "yes3");
  g_assert_cmpstr (ids[1], ==, "yes2");
  g_assert_cmpstr (ids[2], ==, "input2");
  g_assert_cmpstr (ids[3], ==, "no2");
  assert_text (document, "yes3", "text", "{{ $yes2.output }} {{ $yes3.x }} {{ $start.message }} {{ $yesno }}");
  g_assert_nonnull (heddle_graph_find_annotation (graph, "no2"));
}

static void
test_paste_is_refused (void)
{
  static const char *const texts[] = {
    "hello", "{}", "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[]}",
    "{\"format\":\"heddle-workflow\",\"version\":9,\"nodes\":[]}"
  };
  g_autoptr (HeddleDocument) document = new_branching ();
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) ids = heddle_document_paste (document, texts[i], 0, 0, &error);

      g_assert_null (ids);
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
check_change_cb (HeddleDocument *document, HeddleChange *change, HeddleChange *last)
{
  g_clear_pointer (&last->nodes, g_ptr_array_unref);
  last->flags = change->flags;
  last->nodes = change->nodes != NULL ? g_ptr_array_copy (change->nodes, (GCopyFunc) (GCallback) g_strdup, NULL) : NULL;
  if (last->nodes != NULL)
    g_ptr_array_set_free_func (last->nodes, g_free);
}

static gboolean
touches (const HeddleChange *change, const char *id)
{
  return g_ptr_array_find_with_equal_func (change->nodes, id, g_str_equal, NULL);
}

static void
test_changes (void)
{
  static const char *const moved[] = { "yes", NULL };
  g_autoptr (HeddleDocument) document = new_branching ();
  HeddleChange last = { 0 };

  g_signal_connect (document, "changed", G_CALLBACK (check_change_cb), &last);
  heddle_document_move (document, moved, 16, 0);
  g_assert_cmpuint (last.flags, ==, HEDDLE_CHANGE_LAYOUT);
  g_assert_cmpuint (last.nodes->len, ==, 1);
  g_assert_true (touches (&last, "yes"));
  heddle_document_disconnect (document, "yes", "out", "finish", "in");
  g_assert_cmpuint (last.flags, ==, HEDDLE_CHANGE_EDGES);
  g_assert_true (touches (&last, "yes") && touches (&last, "finish"));
  heddle_document_set_name (document, "Other");
  g_assert_cmpuint (last.flags, ==, HEDDLE_CHANGE_META);
  g_assert_cmpuint (last.nodes->len, ==, 0);
  heddle_document_undo (document);
  heddle_document_undo (document);
  g_assert_cmpuint (last.flags, ==, HEDDLE_CHANGE_EDGES);
  heddle_document_remove (document, moved, FALSE);
  g_assert_cmpuint (last.flags, ==, HEDDLE_CHANGE_NODES | HEDDLE_CHANGE_EDGES);
  g_assert_true (touches (&last, "yes") && touches (&last, "check") && touches (&last, "finish"));
  g_ptr_array_unref (last.nodes);
}

static void
test_annotations (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = save (document);
  g_autofree char *after = NULL;
  static const char *const ids[] = { "note", NULL };

  g_assert_cmpstr (heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, "Hi", 0, 0, 100, -5), ==, "note");
  g_assert_cmpstr (heddle_document_add_annotation (document, HEDDLE_ANNOTATION_FRAME, NULL, 0, 0, 100, 50), ==, "frame");
  g_assert_cmpfloat (heddle_graph_find_annotation (graph, "note")->height, ==, 0);
  heddle_document_move (document, ids, 10, 20);
  heddle_document_set_annotation (document, "note", "Hello", "green", 10, 20, 100, 50);
  g_assert_cmpstr (heddle_graph_find_annotation (graph, "note")->text, ==, "Hello");
  g_assert_cmpstr (heddle_graph_find_annotation (graph, "note")->color, ==, "green");
  g_assert_cmpfloat (heddle_graph_find_annotation (graph, "note")->y, ==, 20);
  heddle_document_remove (document, ids, FALSE);
  g_assert_null (heddle_graph_find_annotation (graph, "note"));
  while (heddle_document_undo (document))
    ;
  after = save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
append_cb (HeddleDocument *document, HeddleChange *change, JsonArray *journal)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (change->edits);
  /* As the store does: through text. */
  text = heddle_json_to_text (change->edits, HEDDLE_JSON_COMPACT);
  json_array_add_element (journal, heddle_json_parse (text, -1, NULL));
}

static char *
pick_node (HeddleDocument *document)
{
  HeddleGraph *graph = heddle_document_get_graph (document);
  guint n_nodes = heddle_graph_get_n_nodes (graph);

  if (n_nodes == 0)
    return g_strdup (heddle_document_add_node (document, "input", NULL, 0, 0));
  return g_strdup (heddle_graph_get_node (graph, (guint) g_test_rand_int_range (0, (int) n_nodes))->id);
}

static void
edit_parameter (HeddleDocument *document, const char *id, const char *other)
{
  static const char *const names[] = { "text", "condition", "mode", "value", "unknown", "zebra" };
  const char *name = names[g_test_rand_int_range (0, G_N_ELEMENTS (names))];
  g_autofree char *text = g_strdup_printf ("{{ $%s.output }} %d", other, g_test_rand_int_range (0, 3));

  if (g_test_rand_int_range (0, 4) == 0)
    heddle_document_set_param (document, id, name, NULL);
  else
    set_text (document, id, name, text);
}

static void
edit_text (HeddleDocument *document, const char *id)
{
  g_autofree char *text = g_strdup_printf ("name %d", g_test_rand_int_range (0, 3));
  g_autofree char *new_id = g_strdup_printf ("n%d", g_test_rand_int_range (0, 30));

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      heddle_document_set_title (document, id, text);
      break;
    case 1:
      heddle_document_set_name (document, text);
      break;
    case 2:
      heddle_document_set_description (document, text);
      break;
    default:
      heddle_document_rename (document, id, new_id, NULL);
    }
}

static void
edit_cases (HeddleDocument *document)
{
  static const char *const cases[] = {
    "[]",
    "[{\"name\":\"a\",\"value\":\"a\"}]",
    "[{\"name\":\"c\",\"value\":\"a\"},{\"name\":\"b\",\"value\":\"{{ $start.x }}\"}]",
  };
  HeddleGraph *graph = heddle_document_get_graph (document);

  if (heddle_graph_find_node (graph, "switch") != NULL)
    set_cases (document, cases[g_test_rand_int_range (0, G_N_ELEMENTS (cases))]);
}

static void
paste_some (HeddleDocument *document, const char *const *ids)
{
  g_autofree char *part = heddle_graph_selection_to_json (heddle_document_get_graph (document), ids);

  g_strfreev (heddle_document_paste (document, part, g_test_rand_int_range (-500, 500), 0, NULL));
}

static void
edit_annotation (HeddleDocument *document)
{
  HeddleGraph *graph = heddle_document_get_graph (document);

  if (heddle_graph_find_annotation (graph, "note") == NULL)
    heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, "n", 0, 0, 10, 10);
  else
    heddle_document_set_annotation (document, "note", "m", NULL, g_test_rand_int_range (0, 9), 0, 10, 10);
}

static void
edit_randomly (HeddleDocument *document)
{
  static const char *const types[] = { "input", "template", "if-else", "switch", "merge", "output", "teleport" };
  g_autofree char *id = pick_node (document);
  g_autofree char *other = pick_node (document);
  const char *const ids[] = { id, other, g_test_rand_int_range (0, 8) == 0 ? "note" : NULL, NULL };

  switch (g_test_rand_int_range (0, 13))
    {
    case 0:
    case 1:
      heddle_document_add_node (document, types[g_test_rand_int_range (0, G_N_ELEMENTS (types))], NULL,
                                g_test_rand_double_range (-1e3, 1e3), 5);
      break;
    case 2:
    case 3:
    case 4:
      heddle_document_connect (document, id, NULL, other, NULL, NULL);
      heddle_document_connect (document, "switch", "a", other, NULL, NULL);
      break;
    case 5:
      heddle_document_remove (document, ids, g_test_rand_bit ());
      break;
    case 6:
      heddle_document_move (document, ids, g_test_rand_int_range (-50, 50), 16);
      break;
    case 7:
      edit_parameter (document, id, other);
      break;
    case 8:
      edit_text (document, id);
      break;
    case 9:
      paste_some (document, ids);
      break;
    case 10:
      edit_annotation (document);
      break;
    case 11:
      edit_cases (document);
      break;
    default:
      heddle_document_tidy (document, NULL);
    }
}

static HeddleDocument *
reload (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return heddle_document_new (graph);
}

/* Undo everything, redo everything: the texts at both ends are what they were. */
static void
assert_history_holds (HeddleDocument *document, const char *start, const char *end)
{
  g_autofree char *undone = NULL;
  g_autofree char *redone = NULL;

  while (heddle_document_undo (document))
    ;
  undone = save (document);
  g_assert_cmpstr (undone, ==, start);
  while (heddle_document_redo (document))
    ;
  redone = save (document);
  g_assert_cmpstr (redone, ==, end);
}

static void
assert_saves_as_loaded (const char *text)
{
  g_autoptr (HeddleDocument) document = reload (text);
  g_autofree char *saved = save (document);

  g_assert_cmpstr (saved, ==, text);
}

static void
test_random_edits (void)
{
  g_autoptr (HeddleDocument) base = new_branching ();
  g_autofree char *start = save (base);

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (HeddleDocument) document = reload (start);
      g_autofree char *end = NULL;

      for (guint i = 0; i < 100; i++)
        edit_randomly (document);
      end = save (document);
      assert_saves_as_loaded (end);
      assert_history_holds (document, start, end);
    }
}

/* What a restart does: the saved text, then the journal, with undo and redo among the edits. */
static void
test_journal (void)
{
  g_autoptr (HeddleDocument) base = new_branching ();
  g_autofree char *start = save (base);

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (HeddleDocument) document = reload (start);
      g_autoptr (HeddleDocument) restored = reload (start);
      g_autoptr (JsonNode) journal = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *end = NULL;
      g_autofree char *replayed = NULL;
      JsonArray *entries = json_array_new ();

      g_signal_connect (document, "changed", G_CALLBACK (append_cb), entries);
      for (guint i = 0; i < 100; i++)
        {
          edit_randomly (document);
          if (g_test_rand_int_range (0, 5) == 0)
            heddle_document_undo (document);
          if (g_test_rand_int_range (0, 7) == 0)
            heddle_document_redo (document);
        }
      end = save (document);
      journal = heddle_json_array (entries);
      heddle_document_replay (restored, journal, &error);
      g_assert_no_error (error);
      replayed = save (restored);
      g_assert_cmpstr (replayed, ==, end);
      while (heddle_document_redo (restored))
        ;
      g_clear_pointer (&end, g_free);
      end = save (restored);
      assert_history_holds (restored, start, end);
      g_signal_handlers_disconnect_by_data (document, entries);
    }
}

/* Each is refused with a sentence and leaves the workflow as it was. */
static void
test_damaged_journal (void)
{
  static const char *const entries[] = {
    "1",
    "{}",
    "{\"op\":\"undo\"}",
    "{\"op\":\"redo\"}",
    "{\"op\":\"sing\"}",
    "{\"op\":\"edit\"}",
    "{\"op\":\"edit\",\"edits\":[]}",
    "{\"op\":\"edit\",\"edits\":[1]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"node\",\"key\":\"yes\",\"index\":0,\"before\":{}}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"node\",\"key\":\"z\",\"index\":99,\"after\":{\"node\":{\"id\":\"z\",\"type\":\"x\"},\"at\":[0,0]}}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"node\",\"key\":\"y\",\"index\":0,\"after\":{\"node\":{\"id\":\"z\",\"type\":\"x\"},\"at\":[0,0]}}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"edge\",\"index\":0,\"before\":{\"from\":\"x\",\"to\":\"y\"}}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"edge\",\"index\":-1,\"after\":{\"from\":\"x\",\"to\":\"y\"}}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"position\",\"key\":\"yes\",\"after\":[0,0]}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"param\",\"key\":\"yes\",\"after\":1}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"param\",\"key\":\"yes.text\",\"index\":7,\"after\":1}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"id\",\"before\":\"yes\",\"after\":\"no\"}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"meta\",\"key\":\"name\",\"after\":\"x\"}]}",
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"annotation\",\"key\":\"yes\",\"index\":0,\"after\":{\"id\":\"yes\",\"kind\":\"note\",\"rect\":[0,0,1,1]}}]}",
    /* A good edit before a bad one is taken back. */
    "{\"op\":\"edit\",\"edits\":[{\"kind\":\"title\",\"key\":\"yes\",\"after\":\"T\"},{\"kind\":\"title\",\"key\":\"yes\",\"after\":5}]}",
  };
  g_autoptr (HeddleDocument) base = new_branching ();
  g_autofree char *start = save (base);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (HeddleDocument) document = reload (start);
      g_autoptr (JsonNode) journal = heddle_json_parse (entries[i], -1, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *end = NULL;

      g_assert_false (heddle_document_replay (document, journal, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
      end = save (document);
      g_assert_cmpstr (end, ==, start);
    }
}

static void
test_large (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *full = NULL;
  g_autofree char *again = NULL;
  gint64 times[6];

  heddle_document_begin (document, "Make");
  times[0] = g_get_monotonic_time ();
  for (guint i = 0; i < 10000; i++)
    g_ptr_array_add (ids, g_strdup (heddle_document_add_node (document, "merge", NULL, 0, 0)));
  times[1] = g_get_monotonic_time ();
  for (guint i = 1; i < 10000; i++)
    g_assert_true (heddle_document_connect (document, g_ptr_array_index (ids, i - 1), NULL, g_ptr_array_index (ids, i), NULL, NULL));
  for (guint i = 0; i < 5000; i++)
    g_assert_true (heddle_document_connect (document, g_ptr_array_index (ids, i), NULL, g_ptr_array_index (ids, i + 20), NULL, NULL));
  times[2] = g_get_monotonic_time ();
  heddle_document_end (document);
  g_ptr_array_add (ids, NULL);
  heddle_document_tidy (document, NULL);
  times[3] = g_get_monotonic_time ();
  full = save (document);
  heddle_document_remove (document, (const char *const *) ids->pdata, FALSE);
  times[4] = g_get_monotonic_time ();
  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 0);
  g_assert_true (heddle_document_undo (document));
  times[5] = g_get_monotonic_time ();
  again = save (document);
  g_assert_cmpstr (again, ==, full);
  g_test_message ("10 000 nodes, 14 999 edges: add %.0f ms, connect %.0f ms, tidy %.0f ms, remove all %.0f ms, undo %.0f ms",
                  (times[1] - times[0]) / 1e3, (times[2] - times[1]) / 1e3, (times[3] - times[2]) / 1e3,
                  (times[4] - times[3]) / 1e3, (times[5] - times[4]) / 1e3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/document/add", test_add);
  g_test_add_func ("/document/free-ids-are-fast", test_free_ids_are_fast);
  g_test_add_func ("/document/groups", test_groups);
  g_test_add_func ("/document/abort-leaves-nothing", test_abort_leaves_nothing);
  g_test_add_func ("/document/typing-is-one-step", test_typing_is_one_step);
  g_test_add_func ("/document/typing-back-is-no-step", test_typing_back_is_no_step);
  g_test_add_func ("/document/defaults-are-left-out", test_defaults_are_left_out);
  g_test_add_func ("/document/remove", test_remove);
  g_test_add_func ("/document/remove-reconnects", test_remove_reconnects);
  g_test_add_func ("/document/rename", test_rename);
  g_test_add_func ("/document/rename-is-refused", test_rename_is_refused);
  g_test_add_func ("/document/edges-follow-cases", test_edges_follow_cases);
  g_test_add_func ("/document/paste", test_paste);
  g_test_add_func ("/document/paste-elsewhere", test_paste_elsewhere);
  g_test_add_func ("/document/paste-is-refused", test_paste_is_refused);
  g_test_add_func ("/document/changes", test_changes);
  g_test_add_func ("/document/annotations", test_annotations);
  g_test_add_func ("/document/random-edits", test_random_edits);
  g_test_add_func ("/document/journal", test_journal);
  g_test_add_func ("/document/damaged-journal", test_damaged_journal);
  g_test_add_func ("/document/large", test_large);

  return g_test_run ();
}
