/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "graph/heddle-graph-compare.h"
#include "heddle-error.h"
#include "test-document.h"
#include "value/heddle-json.h"

static void
set_cases (HeddleDocument *document, const char *json)
{
  g_autoptr (JsonNode) value = heddle_json_parse (json, -1, NULL);

  heddle_document_set_param (document, "switch", "cases", value);
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
    heddle_test_set_text (document, id, name, text);
}

static void
edit_object (HeddleDocument *document, const char *id)
{
  JsonObject *object = json_object_new ();

  if (g_test_rand_int_range (0, 4) > 0)
    json_object_set_int_member (object, "timeout", g_test_rand_int_range (1, 5));
  heddle_document_set_node_object (document, id, g_test_rand_bit () ? "tool" : "policy", object);
  json_object_unref (object);
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
edit_frame (HeddleDocument *document, const char *id, const char *const *ids)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (document), id);

  if (heddle_node_is_container (node))
    heddle_document_set_frame (document, id, node->x - 1, node->y + g_test_rand_int_range (-99, 99), g_test_rand_int_range (0, 2000), 1000);
  heddle_document_set_parent (document, ids + 1, g_test_rand_int_range (0, 4) > 0 ? id : NULL, NULL);
}

static void
edit_subflow (HeddleDocument *document, const char *id, const char *const *ids)
{
  if (strcmp (heddle_graph_find_node (heddle_document_get_graph (document), id)->type_id, "subflow") == 0)
    heddle_document_inline (document, id, NULL);
  else
    heddle_document_extract (document, ids, NULL);
}

static void
edit_pin (HeddleDocument *document, const char *id)
{
  g_autofree char *text = g_strdup_printf ("{\"output\":%d}", g_test_rand_int_range (0, 3));
  g_autoptr (JsonNode) pin = heddle_json_parse (text, -1, NULL);

  heddle_document_set_pin (document, id, g_test_rand_bit () ? pin : NULL);
}

static void
edit_state (HeddleDocument *document, const char *id, const char *const *ids)
{
  gboolean has_note = heddle_graph_find_annotation (heddle_document_get_graph (document), "note") != NULL;

  if (g_test_rand_bit ())
    heddle_document_set_mode (document, ids, (HeddleNodeMode) g_test_rand_int_range (0, 3));
  else
    heddle_document_set_collapsed (document, has_note && g_test_rand_bit () ? "note" : id, g_test_rand_bit ());
}

static void
edit_points (HeddleDocument *document)
{
  HeddleGraph *graph = heddle_document_get_graph (document);
  const HeddlePoint points[] = { { g_test_rand_int_range (0, 9), 1.5 }, { 2, g_test_rand_double_range (-3e8, 3e8) } };
  guint n_edges = heddle_graph_get_n_edges (graph);
  const HeddleEdge *edge = n_edges > 0 ? heddle_graph_get_edge (graph, (guint) g_test_rand_int_range (0, (int) n_edges)) : NULL;

  if (edge != NULL)
    heddle_document_set_edge_points (document, edge->from, edge->from_port, edge->to, edge->to_port, points, (guint) g_test_rand_int_range (0, 3));
}

static void
arrange (HeddleDocument *document, const char *const *ids)
{
  g_autofree char *third = pick_node (document);
  const char *const more[] = { third, ids[0], ids[1], ids[2], NULL };

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      heddle_document_align (document, ids, (HeddleAlignment) g_test_rand_int_range (HEDDLE_ALIGN_LEFT, HEDDLE_ALIGN_BOTTOM + 1));
      break;
    case 1:
      heddle_document_distribute (document, more, g_test_rand_bit ());
      break;
    case 2:
      heddle_document_set_position (document, third, g_test_rand_double_range (-1e4, 1e4), 3);
      break;
    default:
      heddle_document_tidy (document, ids);
    }
}

static void edit_randomly (HeddleDocument *document);

/* Groups that nest, and some that come to nothing, wholly or in part. */
static void
edit_group (HeddleDocument *document)
{
  heddle_document_begin (document, "Group");
  for (int left = g_test_rand_int_range (0, 4); left > 0; left--)
    edit_randomly (document);
  if (g_test_rand_int_range (0, 3) == 0)
    heddle_document_abort (document);
  else
    heddle_document_end (document);
}

static void
edit_looks (HeddleDocument *document, const char *id, const char *const *ids)
{
  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      edit_state (document, id, ids);
      break;
    case 1:
    case 2:
      edit_points (document);
      break;
    case 3:
      arrange (document, ids);
      break;
    default:
      edit_group (document);
    }
}

static void
edit_randomly (HeddleDocument *document)
{
  static const char *const types[] = { "input", "template", "if-else", "switch", "merge", "output", "teleport", "map", "loop", "subflow" };
  g_autofree char *id = pick_node (document);
  g_autofree char *other = pick_node (document);
  const char *const ids[] = { id, other, g_test_rand_int_range (0, 8) == 0 ? "note" : NULL, NULL };

  switch (g_test_rand_int_range (0, 23))
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
    case 12:
      edit_object (document, id);
      break;
    case 13:
    case 14:
      edit_frame (document, id, ids);
      break;
    case 15:
      edit_subflow (document, id, ids);
      break;
    case 16:
      edit_pin (document, id);
      break;
    case 17:
      heddle_document_tidy (document, NULL);
      break;
    default:
      edit_looks (document, id, ids);
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

static void
keep_sometimes (HeddleDocument *document, GHashTable *texts, guint n_undone)
{
  if (g_test_rand_int_range (0, 20) == 0)
    g_hash_table_insert (texts, GUINT_TO_POINTER (n_undone), heddle_test_save (document));
}

static void
assert_kept (HeddleDocument *document, GHashTable *texts, guint n_undone)
{
  const char *kept = g_hash_table_lookup (texts, GUINT_TO_POINTER (n_undone));
  g_autofree char *text = kept != NULL ? heddle_test_save (document) : NULL;

  g_assert_cmpstr (text, ==, kept);
}

/* Undo everything, redo everything: the texts at both ends are what they were, and those between on both ways. */
static void
assert_history_holds (HeddleDocument *document, const char *start, const char *end)
{
  g_autoptr (GHashTable) texts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autofree char *undone = NULL;
  g_autofree char *redone = NULL;
  guint n_undone = 0;

  while (heddle_document_undo (document))
    keep_sometimes (document, texts, ++n_undone);
  undone = heddle_test_save (document);
  g_assert_cmpstr (undone, ==, start);
  while (heddle_document_redo (document))
    assert_kept (document, texts, --n_undone);
  g_assert_cmpuint (n_undone, ==, 0);
  redone = heddle_test_save (document);
  g_assert_cmpstr (redone, ==, end);
}

static void
assert_saves_as_loaded (const char *text)
{
  g_autoptr (HeddleDocument) document = reload (text);
  g_autofree char *saved = heddle_test_save (document);

  g_assert_cmpstr (saved, ==, text);
}

static void
test_random_edits (void)
{
  g_autoptr (HeddleDocument) base = heddle_test_new_branching ();
  g_autofree char *start = heddle_test_save (base);

  for (guint round = 0; round < 4; round++)
    {
      g_autoptr (HeddleDocument) document = reload (start);
      g_autofree char *end = NULL;

      for (guint i = 0; i < 1000; i++)
        edit_randomly (document);
      end = heddle_test_save (document);
      assert_saves_as_loaded (end);
      assert_history_holds (document, start, end);
    }
}

/* What a restart does: the saved text, then the journal, with undo and redo among the edits. */
static void
test_journal (void)
{
  g_autoptr (HeddleDocument) base = heddle_test_new_branching ();
  g_autofree char *start = heddle_test_save (base);

  for (guint round = 0; round < 12; round++)
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
      end = heddle_test_save (document);
      journal = heddle_json_array (entries);
      heddle_document_replay (restored, journal, &error);
      g_assert_no_error (error);
      replayed = heddle_test_save (restored);
      g_assert_cmpstr (replayed, ==, end);
      while (heddle_document_redo (restored))
        ;
      g_clear_pointer (&end, g_free);
      end = heddle_test_save (restored);
      assert_history_holds (restored, start, end);
      g_signal_handlers_disconnect_by_data (document, entries);
    }
}

/* The entries as a history that is in the graph already: nothing is applied, and all of it can be undone and redone. */
static void
test_load (void)
{
  g_autoptr (HeddleDocument) base = heddle_test_new_branching ();
  g_autofree char *start = heddle_test_save (base);

  for (guint round = 0; round < 8; round++)
    {
      g_autoptr (HeddleDocument) document = reload (start);
      g_autoptr (HeddleDocument) restored = NULL;
      g_autoptr (JsonNode) journal = NULL;
      g_autofree char *end = NULL;
      JsonArray *entries = json_array_new ();

      g_signal_connect (document, "changed", G_CALLBACK (append_cb), entries);
      for (guint i = 0; i < 100; i++)
        {
          edit_randomly (document);
          if (g_test_rand_int_range (0, 5) == 0)
            heddle_document_undo (document);
        }
      end = heddle_test_save (document);
      journal = heddle_json_array (entries);
      restored = reload (end);
      heddle_document_load_history (restored, journal);
      g_assert_cmpuint (heddle_document_get_n_done (restored), ==, heddle_document_get_n_done (document));
      while (heddle_document_redo (restored))
        ;
      g_clear_pointer (&end, g_free);
      end = heddle_test_save (restored);
      assert_history_holds (restored, start, end);
      g_signal_handlers_disconnect_by_data (document, entries);
    }
}

/* Any state becomes any other in one step, to the byte, and back. */
static void
test_restore (void)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();

  for (guint round = 0; round < 30; round++)
    {
      g_autofree char *before = heddle_test_save (document);
      g_autoptr (HeddleDocument) target = reload (before);
      g_autofree char *wanted = NULL;
      g_autofree char *restored = NULL;
      g_autofree char *undone = NULL;
      g_autoptr (GPtrArray) differences = NULL;
      guint n_done;

      for (int i = g_test_rand_int_range (0, 20); i > 0; i--)
        edit_randomly (target);
      wanted = heddle_test_save (target);
      n_done = heddle_document_get_n_done (document);
      differences = heddle_graph_compare (heddle_document_get_graph (document), heddle_document_get_graph (target));
      heddle_document_restore (document, heddle_document_get_graph (target), "Restore");
      restored = heddle_test_save (document);
      g_assert_cmpstr (restored, ==, wanted);
      g_assert_cmpuint (heddle_document_get_n_done (document), ==, n_done + (strcmp (before, wanted) != 0));
      if (strcmp (before, wanted) == 0)
        g_assert_cmpuint (differences->len, ==, 0);
      else
        heddle_document_undo (document);
      undone = heddle_test_save (document);
      g_assert_cmpstr (undone, ==, before);
      heddle_document_redo (document);
    }
}

static void
append_text_cb (HeddleDocument *document, HeddleChange *change, GString *journal)
{
  g_autofree char *text = heddle_json_to_text (change->edits, HEDDLE_JSON_COMPACT);

  g_string_append_printf (journal, "%s%s", journal->len > 1 ? "," : "", text);
}

static void
assert_replays (const char *saved, const char *journal, const char *end)
{
  g_autoptr (HeddleDocument) restored = reload (saved);
  g_autofree char *text = g_strconcat (journal, "]", NULL);
  g_autoptr (JsonNode) node = heddle_json_parse (text, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *replayed = NULL;

  heddle_document_replay (restored, node, &error);
  g_assert_no_error (error);
  replayed = heddle_test_save (restored);
  g_assert_cmpstr (replayed, ==, end);
}

/* A save begins the journal anew, and undo may go back behind it: what it undid is not in the history then. */
static void
test_journal_after_saves (void)
{
  g_autoptr (HeddleDocument) base = heddle_test_new_branching ();
  g_autofree char *saved = heddle_test_save (base);
  g_autoptr (HeddleDocument) document = reload (saved);
  g_autoptr (GString) journal = g_string_new ("[");

  g_signal_connect (document, "changed", G_CALLBACK (append_text_cb), journal);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *end = NULL;

      edit_randomly (document);
      for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
        heddle_document_undo (document);
      for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
        heddle_document_redo (document);
      end = heddle_test_save (document);
      assert_replays (saved, journal->str, end);
      if (g_test_rand_int_range (0, 6) != 0)
        continue;
      g_string_assign (journal, "[");
      g_free (saved);
      saved = g_steal_pointer (&end);
    }
  g_signal_handlers_disconnect_by_data (document, journal);
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
  g_autoptr (HeddleDocument) base = heddle_test_new_branching ();
  g_autofree char *start = heddle_test_save (base);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (HeddleDocument) document = reload (start);
      g_autoptr (JsonNode) journal = heddle_json_parse (entries[i], -1, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *end = NULL;

      g_assert_false (heddle_document_replay (document, journal, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
      end = heddle_test_save (document);
      g_assert_cmpstr (end, ==, start);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history/random-edits", test_random_edits);
  g_test_add_func ("/history/journal", test_journal);
  g_test_add_func ("/history/journal-after-saves", test_journal_after_saves);
  g_test_add_func ("/history/load", test_load);
  g_test_add_func ("/history/restore", test_restore);
  g_test_add_func ("/history/damaged-journal", test_damaged_journal);

  return g_test_run ();
}
