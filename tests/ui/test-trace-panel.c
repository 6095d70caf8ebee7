/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "store/heddle-store-private.h"
#include "test-database.h"
#include "test-script.h"
#include "trace/heddle-span-rows.h"
#include "trace/heddle-trace-panel.h"

#include <string.h>

/* A map of items, one after the other; every tenth fails, and the last ones are still at it. */
typedef struct
{
  HeddleServices services;
  HeddleTrace *trace;
  GtkWidget *window;
  HeddleTracePanel *panel;
  char *shown; /* what the panel asked to show on the canvas */
} PanelFixture;

static void
add (TestScript *script, const char *scope, HeddleEventKind kind, const char *node, const char *json)
{
  HeddleEvent *event = test_script_add (script, kind, node, json);

  event->scope = scope != NULL ? g_ref_string_new (scope) : NULL;
}

static void
add_item (TestScript *script, guint index, gboolean ends, gboolean fails)
{
  g_autofree char *scope = g_strdup_printf ("map1#%u", index);

  add (script, scope, HEDDLE_EVENT_NODE_STARTED, "fetch", "{\"title\":\"Look up\",\"type\":\"http\"}");
  if (fails)
    {
      add (script, scope, HEDDLE_EVENT_NODE_FAILED, "fetch", "{\"error\":{\"class\":\"server\",\"message\":\"The server answered 500.\"},\"live\":[]}");
      return;
    }
  add (script, scope, HEDDLE_EVENT_NODE_FINISHED, "fetch", "{\"result\":{\"output\":{\"name\":\"Ada\"}},\"live\":[\"out\"]}");
  add (script, scope, HEDDLE_EVENT_NODE_STARTED, "ask", "{\"title\":\"Answer\",\"type\":\"llm\",\"params\":{\"prompt\":\"Hello\"}}");
  if (ends)
    add (script, scope, HEDDLE_EVENT_NODE_FINISHED, "ask", "{\"result\":{\"output\":\"Good day, Ada\"},\"live\":[\"out\"]}");
}

static TestScript
script_new (guint n_items)
{
  TestScript script = test_script_new ();

  add (&script, NULL, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"workflow\":\"w\",\"name\":\"Customers\",\"input\":{\"q\":1}}");
  add (&script, NULL, HEDDLE_EVENT_NODE_STARTED, "start", "{\"title\":\"Input\",\"type\":\"input\"}");
  add (&script, NULL, HEDDLE_EVENT_NODE_FINISHED, "start", "{\"result\":{\"output\":{\"q\":1}},\"live\":[\"out\"],\"source\":{\"kind\":\"run\",\"run\":\"01OTHER\"}}");
  add (&script, NULL, HEDDLE_EVENT_NODE_STARTED, "map1", "{\"title\":\"Each customer\",\"type\":\"map\",\"params\":{\"items\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50]}}");
  for (guint i = 0; i < n_items; i++)
    add_item (&script, i, i + 8 < n_items, i % 10 == 3);
  return script;
}

static void
note_node_cb (HeddleTracePanel *panel, const char *node, PanelFixture *f)
{
  g_free (f->shown);
  f->shown = g_strdup (node);
}

static void
set_up (PanelFixture *f, gconstpointer data)
{
  TestScript script = script_new (GPOINTER_TO_UINT (data));
  HeddleRunHead head = { .id = "run-1", .workflow = "w", .name = "Customers", .source = "{}", .started = g_get_real_time () };

  memset (f, 0, sizeof *f);
  f->services.store = heddle_store_new (":memory:", NULL);
  heddle_store_record_run (f->services.store, &head, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (f->services.store, "run-1", script.events);
  f->trace = heddle_trace_new ("run-1", head.started);
  heddle_trace_apply (f->trace, script.events);
  g_ptr_array_unref (script.events);
  f->panel = HEDDLE_TRACE_PANEL (g_object_ref_sink (heddle_trace_panel_new (&f->services)));
  g_signal_connect (f->panel, "node-activated", G_CALLBACK (note_node_cb), f);
  heddle_trace_panel_set_trace (f->panel, f->trace);
  f->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (f->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->panel));
  gtk_window_fullscreen (GTK_WINDOW (f->window));
  gtk_window_present (GTK_WINDOW (f->window));
  canvas_test_settle (350);
}

static void
tear_down (PanelFixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  canvas_test_settle (30);
  g_assert_finalize_object (f->panel);
  g_assert_finalize_object (f->trace);
  g_assert_finalize_object (f->services.store);
  g_free (f->shown);
}

static void
screenshot (const char *name)
{
  Fixture none = { 0 };

  canvas_test_screenshot (&none, name);
}

/* Items are folded at first, a subflow's inside is not; what failed can be listed alone. */
static void
test_rows (void)
{
  TestScript script = script_new (20);
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run-1", 0);
  g_autoptr (HeddleSpanRows) rows = heddle_span_rows_new ();
  GListModel *model = heddle_span_rows_get_model (rows);
  HeddleSpan *item, *node;

  heddle_span_rows_set_trace (rows, trace);
  heddle_trace_apply (trace, script.events);
  /* The run, its start, the map and the items. */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3 + 20);
  item = heddle_trace_find_in_scope (trace, "map1#1", NULL);
  node = heddle_trace_find_in_scope (trace, "map1#1", "ask");
  g_assert_true (heddle_span_rows_is_foldable (rows, item));
  g_assert_false (heddle_span_rows_is_foldable (rows, node));
  g_assert_false (heddle_span_rows_is_foldable (rows, heddle_trace_get_root (trace)));
  g_assert_cmpuint (heddle_span_rows_find (rows, node), ==, GTK_INVALID_LIST_POSITION);
  heddle_span_rows_reveal (rows, node);
  g_assert_false (heddle_span_rows_is_folded (rows, item));
  g_assert_cmpuint (heddle_span_rows_find (rows, node), ==, 6);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3 + 20 + 2);
  heddle_span_rows_set_folded (rows, heddle_trace_find_node (trace, "map1"), TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
  heddle_span_rows_set_folded (rows, heddle_trace_find_node (trace, "map1"), FALSE);
  heddle_span_rows_set_only_failed (rows, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3 + 2);
  heddle_span_rows_set_only_failed (rows, FALSE);
  heddle_span_rows_set_trace (rows, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  g_ptr_array_unref (script.events);
}

/* With the keyboard alone: down to an item, into it, out of it. The item looked at is the one that is chosen. */
static void
test_keys (PanelFixture *f, gconstpointer data)
{
  gtk_widget_child_focus (GTK_WIDGET (f->panel), GTK_DIR_TAB_FORWARD);
  heddle_trace_panel_select_node (f->panel, "map1");
  g_assert_cmpint (heddle_trace_get_item (f->trace, "map1", NULL), ==, -1);
  canvas_test_click (200, 120);
  screenshot ("panel-map");
  canvas_test_drive ("key --delay 60 Down Down Right");
  screenshot ("panel-unfolded");
  g_assert_cmpint (heddle_trace_get_item (f->trace, "map1", NULL), >=, 0);
  canvas_test_drive ("key --delay 60 Right Left");
  canvas_test_drive ("key --delay 60 Left");
  screenshot ("panel-folded");
}

/* What the canvas points at is shown without binding it to that item. */
static void
test_follows (PanelFixture *f, gconstpointer data)
{
  heddle_trace_panel_select_node (f->panel, "ask");
  canvas_test_settle (60);
  screenshot ("panel-node");
  g_assert_cmpint (heddle_trace_get_item (f->trace, "map1", NULL), ==, -1);
}

/* An item of thousands that is no longer listed comes from the database. */
static void
test_missing (PanelFixture *f, gconstpointer data)
{
  g_assert_null (heddle_trace_find_in_scope (f->trace, "map1#4", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->trace)), <, 5000);
  /* The chooser: its button, then its number. */
  canvas_test_click (335, 22);
  screenshot ("panel-thousands");
  canvas_test_drive ("key --delay 30 ctrl+a 5 Return");
  canvas_test_settle (400);
  screenshot ("panel-missing");
  g_assert_cmpint (heddle_trace_get_item (f->trace, "map1", NULL), ==, 4);
  g_assert_nonnull (heddle_trace_find_in_scope (f->trace, "map1#4", "ask"));
}

static void
test_menu (PanelFixture *f, gconstpointer data)
{
  canvas_test_move_to (200, 122);
  canvas_test_drive ("click 3");
  canvas_test_settle (200);
  screenshot ("panel-menu");
  canvas_test_move_to (270, 146);
  canvas_test_drive ("click 1");
  canvas_test_settle (200);
  g_assert_cmpstr (f->shown, ==, "start");
}

static void
wait_for_runs (HeddlePastRuns *past_runs, guint n)
{
  for (guint i = 0; i < 100 && heddle_past_runs_list (past_runs)->len != n; i++)
    canvas_test_settle (50);
  g_assert_cmpuint (heddle_past_runs_list (past_runs)->len, ==, n);
}

/* What another process records is listed while somebody looks, and only then. */
static void
test_history_elsewhere (void)
{
  char *path = heddle_test_new_database_path ();
  g_autoptr (HeddleStore) ours = heddle_store_new (path, NULL);
  g_autoptr (HeddleStore) theirs = heddle_store_new (path, NULL);
  g_autoptr (HeddlePastRuns) past_runs = heddle_past_runs_new (ours, "w");
  HeddleRunHead head = { .id = "run-1", .workflow = "w", .name = "Customers", .source = "{}", .started = g_get_real_time () };

  canvas_test_settle (100);
  wait_for_runs (past_runs, 0);
  heddle_past_runs_watch (past_runs);
  heddle_store_record_run (theirs, &head, HEDDLE_DURABILITY_NORMAL);
  wait_for_runs (past_runs, 1);
  heddle_past_runs_unwatch (past_runs);
  head.id = "run-2";
  heddle_store_record_run (theirs, &head, HEDDLE_DURABILITY_NORMAL);
  canvas_test_settle (800);
  g_assert_cmpuint (heddle_past_runs_list (past_runs)->len, ==, 1);
  heddle_past_runs_watch (past_runs);
  wait_for_runs (past_runs, 2);
  heddle_past_runs_unwatch (past_runs);
  g_clear_object (&past_runs);
  g_clear_object (&ours);
  g_clear_object (&theirs);
  heddle_test_remove_database (path);
}

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  g_test_add_func ("/trace-panel/rows", test_rows);
  g_test_add_func ("/trace-panel/history-elsewhere", test_history_elsewhere);
  g_test_add ("/trace-panel/keys", PanelFixture, GUINT_TO_POINTER (40), set_up, test_keys, tear_down);
  g_test_add ("/trace-panel/follows", PanelFixture, GUINT_TO_POINTER (40), set_up, test_follows, tear_down);
  g_test_add ("/trace-panel/menu", PanelFixture, GUINT_TO_POINTER (12), set_up, test_menu, tear_down);
  g_test_add ("/trace-panel/missing", PanelFixture, GUINT_TO_POINTER (3000), set_up, test_missing, tear_down);
  return g_test_run ();
}
