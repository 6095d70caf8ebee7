/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "test-document.h"
#include "value/heddle-json.h"

/* The sanitizers make every allocation a hundred times slower. */
#ifdef __SANITIZE_ADDRESS__
#define N_NODES 1000
#else
#define N_NODES 10000
#endif

static HeddleDocument *
new_document (void)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new ();

  return heddle_document_new (graph);
}

static void
assert_text (HeddleDocument *document, const char *id, const char *param, const char *expected)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (document), id);

  g_assert_nonnull (node);
  g_assert_cmpstr (json_object_get_string_member_with_default (node->params, param, NULL), ==, expected);
}

static void
test_add (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  g_autofree char *empty = heddle_test_save (document);
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
  again = heddle_test_save (document);
  g_assert_cmpstr (again, ==, empty);
}

static void
test_free_ids_are_fast (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  gint64 start = g_get_monotonic_time ();
  const char *id = NULL;

  for (guint i = 0; i < N_NODES; i++)
    id = heddle_document_add_node (document, "template", NULL, 0, 0);
  g_assert_cmpstr (id, ==, "template" G_STRINGIFY (N_NODES));
  g_test_message ("add %d nodes: %.1f ms", N_NODES, (g_get_monotonic_time () - start) / 1e3);
}

static void
test_groups (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  g_autofree char *before = heddle_test_save (document);
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
  after = heddle_test_save (document);
  g_assert_cmpstr (after, !=, before);

  g_assert_true (heddle_document_undo (document));
  reverted = heddle_test_save (document);
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
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  g_autofree char *before = heddle_test_save (document);
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
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (count, ==, 0);
  g_object_get (document, "undo-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Connect");
}

static void
test_typing_is_one_step (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  g_autofree char *before = heddle_test_save (document);
  g_autofree char *after = NULL;

  heddle_test_set_text (document, "yes", "text", "H");
  heddle_test_set_text (document, "yes", "text", "He");
  heddle_test_set_text (document, "yes", "text", "Hey");
  assert_text (document, "yes", "text", "Hey");
  heddle_test_set_text (document, "no", "text", "x");
  g_assert_true (heddle_document_undo (document));
  assert_text (document, "yes", "text", "Hey");
  g_assert_true (heddle_document_undo (document));
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
  g_assert_true (heddle_document_redo (document));
  assert_text (document, "yes", "text", "Hey");
  /* After undo or redo a new step begins. */
  heddle_test_set_text (document, "yes", "text", "Hey!");
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

  heddle_test_set_text (document, id, "result", "list");
  heddle_test_set_text (document, id, "mode", "all");
  heddle_test_set_text (document, id, "mode", "any");
  node = heddle_graph_find_node (heddle_document_get_graph (document), "merge");
  g_assert_cmpuint (json_object_get_size (node->params), ==, 1);
  heddle_document_set_param (document, "merge", "result", NULL);
  node = heddle_graph_find_node (heddle_document_get_graph (document), "merge");
  g_assert_cmpuint (json_object_get_size (node->params), ==, 0);
}

static void
test_remove (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = heddle_test_save (document);
  g_autofree char *after = NULL;
  const char *const ids[] = { heddle_graph_find_node (graph, "check")->id, heddle_graph_find_node (graph, "yes")->id,
                              "nobody", NULL };

  heddle_document_remove (document, ids, FALSE);
  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 3);
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 1);
  g_assert_cmpuint (heddle_graph_get_in_edges (graph, "no")->len, ==, 0);
  g_assert_true (heddle_document_undo (document));
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
test_remove_reconnects (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  static const char *const chain[] = { "check", "yes", NULL };
  g_autofree char *before = heddle_test_save (document);
  g_autofree char *after = NULL;

  heddle_document_remove (document, chain, TRUE);
  g_assert_nonnull (heddle_graph_find_edge (graph, "start", "out", "no", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "start", "out", "finish", "in"));
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, 3);
  g_assert_true (heddle_document_undo (document));
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
test_rename (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = heddle_test_save (document);
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
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
test_rename_is_refused (void)
{
  static const char *const names[] = { "check", "", "a b", "1a", "input", "é", "a.b", "$a" };
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  g_autofree char *before = heddle_test_save (document);
  g_autofree char *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (heddle_document_rename (document, "yes", names[i], &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
}

static void
set_object (HeddleDocument *document, const char *id, const char *name, const char *json)
{
  g_autoptr (JsonNode) value = heddle_json_parse (json, -1, NULL);

  heddle_document_set_node_object (document, id, name, json_node_get_object (value));
}

static void
test_node_objects (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = heddle_test_save (document);
  g_autofree char *with_tool = NULL;
  g_autofree char *after = NULL;

  set_object (document, "yes", "tool", "{\"name\":\"say\"}");
  set_object (document, "yes", "tool", "{\"name\":\"say_yes\"}");
  set_object (document, "yes", "policy", "{\"retries\":2}");
  g_assert_cmpstr (json_object_get_string_member (heddle_graph_find_node (graph, "yes")->tool, "name"), ==, "say_yes");
  with_tool = heddle_test_save (document);
  g_assert_nonnull (strstr (with_tool, "\"tool\": {\n        \"name\": \"say_yes\"\n      }"));
  g_assert_true (heddle_document_undo (document));
  g_assert_null (heddle_graph_find_node (graph, "yes")->policy);
  g_assert_true (heddle_document_undo (document));
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
  g_assert_true (heddle_document_redo (document));
  set_object (document, "yes", "tool", "{}");
  g_assert_null (heddle_graph_find_node (graph, "yes")->tool);
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
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
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
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = heddle_test_save (document);
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
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
}

/* The copies get their values from where the originals did, as far as that is still there. */
static void
test_paste_connected (void)
{
  static const char *const ids[] = { "yes", NULL };
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *part = heddle_graph_copy_to_json (graph, ids);
  g_auto (GStrv) first = heddle_document_paste (document, part, 1000, 2000, NULL);
  g_auto (GStrv) second = NULL;
  guint n_left_out = 7;

  g_assert_cmpuint (heddle_document_connect_pasted (document, part, (const char *const *) first, &n_left_out), ==, 1);
  g_assert_cmpuint (n_left_out, ==, 0);
  g_assert_nonnull (heddle_graph_find_edge (graph, "check", "true", first[0], "in"));
  heddle_document_remove (document, (const char *const[]){ "check", NULL }, FALSE);
  second = heddle_document_paste (document, part, 0, 0, NULL);
  g_assert_cmpuint (heddle_document_connect_pasted (document, part, (const char *const *) second, &n_left_out), ==, 0);
  g_assert_cmpuint (n_left_out, ==, 1);
  /* What somebody else wrote there. */
  g_assert_cmpuint (heddle_document_connect_pasted (document, "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[],\"incoming\":[3,null,{},{\"from\":7},{\"from\":\"a\",\"to\":\"b\"}]}", (const char *const *) second, NULL), ==, 0);
  g_assert_cmpuint (heddle_document_connect_pasted (document, "not json", (const char *const *) second, NULL), ==, 0);
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
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
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
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
  g_autofree char *before = heddle_test_save (document);
  g_autofree char *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) ids = heddle_document_paste (document, texts[i], 0, 0, &error);

      g_assert_null (ids);
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  after = heddle_test_save (document);
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
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();
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
count_notify_cb (HeddleDocument *document, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_notifies_only_changes (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  guint can_undo = 0;
  guint names = 0;

  g_signal_connect (document, "notify::can-undo", G_CALLBACK (count_notify_cb), &can_undo);
  g_signal_connect (document, "notify::name", G_CALLBACK (count_notify_cb), &names);
  heddle_document_add_node (document, "input", NULL, 0, 0);
  heddle_document_set_name (document, "n");
  heddle_document_set_description (document, "d");
  g_assert_cmpuint (can_undo, ==, 1);
  g_assert_cmpuint (names, ==, 1);
  heddle_document_undo (document);
  heddle_document_undo (document);
  heddle_document_undo (document);
  g_assert_cmpuint (can_undo, ==, 2);
  g_assert_cmpuint (names, ==, 2);
}

static void
test_annotations (void)
{
  g_autoptr (HeddleDocument) document = new_document ();
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *before = heddle_test_save (document);
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
  after = heddle_test_save (document);
  g_assert_cmpstr (after, ==, before);
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
  for (guint i = 0; i < N_NODES; i++)
    g_ptr_array_add (ids, g_strdup (heddle_document_add_node (document, "merge", NULL, 0, 0)));
  times[1] = g_get_monotonic_time ();
  for (guint i = 1; i < N_NODES; i++)
    g_assert_true (heddle_document_connect (document, g_ptr_array_index (ids, i - 1), NULL, g_ptr_array_index (ids, i), NULL, NULL));
  for (guint i = 0; i < N_NODES / 5; i++)
    g_assert_true (heddle_document_connect (document, g_ptr_array_index (ids, i), NULL, g_ptr_array_index (ids, i + 20), NULL, NULL));
  times[2] = g_get_monotonic_time ();
  heddle_document_end (document);
  g_ptr_array_add (ids, NULL);
  heddle_document_tidy (document, NULL);
  times[3] = g_get_monotonic_time ();
  full = heddle_test_save (document);
  heddle_document_remove (document, (const char *const *) ids->pdata, FALSE);
  times[4] = g_get_monotonic_time ();
  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 0);
  g_assert_true (heddle_document_undo (document));
  times[5] = g_get_monotonic_time ();
  again = heddle_test_save (document);
  g_assert_cmpstr (again, ==, full);
  g_test_message ("%d nodes, a fifth more edges: add %.0f ms, connect %.0f ms, tidy %.0f ms, remove all %.0f ms, undo %.0f ms",
                  N_NODES, (times[1] - times[0]) / 1e3, (times[2] - times[1]) / 1e3, (times[3] - times[2]) / 1e3,
                  (times[4] - times[3]) / 1e3, (times[5] - times[4]) / 1e3);
}

static void
test_settings (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  JsonObject *settings;
  g_autoptr (JsonNode) budget = heddle_json_object (json_object_new ());

  heddle_document_set_setting (document, "budget", "Change Budget", NULL);
  g_assert_false (heddle_document_undo (document));
  heddle_document_set_setting (document, "budget", "Change Budget", budget);
  heddle_document_set_setting (document, "budget", "Change Budget", budget);
  settings = heddle_graph_get_settings (heddle_document_get_graph (document));
  g_assert_true (json_object_has_member (settings, "budget"));
  g_assert_true (heddle_document_undo (document));
  g_assert_false (json_object_has_member (heddle_graph_get_settings (heddle_document_get_graph (document)), "budget"));
  g_assert_true (heddle_document_redo (document));
  heddle_document_set_setting (document, "budget", "Change Budget", NULL);
  g_assert_cmpuint (json_object_get_size (heddle_graph_get_settings (heddle_document_get_graph (document))), ==, 0);
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
  g_test_add_func ("/document/node-objects", test_node_objects);
  g_test_add_func ("/document/edges-follow-cases", test_edges_follow_cases);
  g_test_add_func ("/document/paste", test_paste);
  g_test_add_func ("/document/paste-elsewhere", test_paste_elsewhere);
  g_test_add_func ("/document/paste-is-refused", test_paste_is_refused);
  g_test_add_func ("/document/changes", test_changes);
  g_test_add_func ("/document/notifies-only-changes", test_notifies_only_changes);
  g_test_add_func ("/document/paste-connected", test_paste_connected);
  g_test_add_func ("/document/annotations", test_annotations);
  g_test_add_func ("/document/large", test_large);

  g_test_add_func ("/document/settings", test_settings);
  return g_test_run ();
}
