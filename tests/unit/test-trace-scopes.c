/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "store/heddle-store-private.h"
#include "test-dump.h"
#include "test-script.h"
#include "trace/heddle-trace-format.h"
#include "trace/heddle-trace.h"
#include "value/heddle-json.h"

static HeddleEvent *
add (TestScript *script, const char *scope, HeddleEventKind kind, const char *node, const char *json)
{
  HeddleEvent *event = test_script_add (script, kind, node, json);

  event->scope = scope != NULL ? g_ref_string_new (scope) : NULL;
  return event;
}

static void
add_started (TestScript *script, const char *scope, const char *node, const char *type)
{
  g_autofree char *json = g_strdup_printf ("{\"title\":\"%s\",\"type\":\"%s\"}", node, type);

  add (script, scope, HEDDLE_EVENT_NODE_READY, node, NULL);
  add (script, scope, HEDDLE_EVENT_NODE_STARTED, node, json);
}

static void
add_finished (TestScript *script, const char *scope, const char *node)
{
  add (script, scope, HEDDLE_EVENT_NODE_FINISHED, node, "{\"result\":{\"output\":1},\"live\":[\"out\"]}");
}

static void
add_failed (TestScript *script, const char *scope, const char *node)
{
  add (script, scope, HEDDLE_EVENT_NODE_FAILED, node, "{\"error\":{\"class\":\"server\",\"message\":\"broken\"},\"live\":[]}");
}

/* A map over items, each with the nodes a and b; where fails says so, a fails. */
static void
add_item (TestScript *script, const char *map, guint index, gboolean fails)
{
  g_autofree char *scope = g_strdup_printf ("%s#%u", map, index);

  add_started (script, scope, "a", "template");
  if (fails)
    {
      add_failed (script, scope, "a");
      return;
    }
  add_finished (script, scope, "a");
  add_started (script, scope, "b", "llm");
  add_finished (script, scope, "b");
}

static void
apply (HeddleTrace *trace, TestScript *script)
{
  heddle_trace_apply (trace, script->events);
  g_ptr_array_set_size (script->events, 0);
}

static void
assert_rows (HeddleTrace *trace, const char *wanted)
{
  g_autoptr (GString) rows = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (trace)); i++)
    {
      g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (trace), i);

      g_string_append_printf (rows, "%u %s %s|", heddle_span_get_depth (span), heddle_span_get_name (span),
                              heddle_span_state_to_string (heddle_span_get_state (span)));
    }
  g_assert_cmpstr (rows->str, ==, wanted);
}

static void
assert_progress (HeddleTrace *trace, const char *container, int total, guint done, guint failed, guint running)
{
  HeddleTraceProgress progress;

  g_assert_true (heddle_trace_get_progress (trace, container, &progress));
  g_assert_cmpint (progress.total, ==, total);
  g_assert_cmpuint (progress.done, ==, done);
  g_assert_cmpuint (progress.failed, ==, failed);
  g_assert_cmpuint (progress.running, ==, running);
}

static void
test_items (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  HeddleTraceProgress progress;
  HeddleSpan *item;
  int last;

  add (&script, NULL, HEDDLE_EVENT_NODE_STARTED, "map1", "{\"title\":\"Each\",\"type\":\"map\",\"params\":{\"items\":[1,2,3]}}");
  apply (trace, &script);
  assert_progress (trace, "map1", 3, 0, 0, 0);
  g_assert_cmpint (heddle_trace_get_item (trace, "map1", &last), ==, -1);
  g_assert_cmpint (last, ==, -1);
  g_assert_null (heddle_trace_find_node (trace, "a"));
  add_item (&script, "map1", 0, FALSE);
  add_item (&script, "map1", 1, TRUE);
  add_started (&script, "map1#2", "a", "template");
  apply (trace, &script);
  assert_rows (trace, "0  running|1 Each running|2 Item 1 ok|3 a ok|3 b ok|2 Item 2 failed|3 a failed|2 Item 3 running|3 a running|");
  assert_progress (trace, "map1", 3, 2, 1, 1);
  g_assert_false (heddle_trace_get_progress (trace, "a", &progress));

  item = heddle_trace_find_in_scope (trace, "map1#0", NULL);
  g_assert_cmpstr (heddle_span_get_kind (item), ==, "scope");
  g_assert_cmpstr (heddle_span_get_scope (item), ==, "map1#0");
  g_assert_cmpstr (heddle_span_get_node_id (item), ==, "map1");
  g_assert_cmpint (heddle_span_get_item (item), ==, 0);
  g_assert_cmpint (heddle_span_get_start (item), ==, 2000);
  g_assert_cmpint (heddle_span_get_end (item), ==, 7000);
  g_assert_cmpstr (heddle_span_get_scope (heddle_trace_find_in_scope (trace, "map1#1", "a")), ==, "map1#1");
  g_assert_null (heddle_trace_find_in_scope (trace, "map1#9", "a"));
  g_ptr_array_unref (script.events);
}

static void
note_updated (HeddleTrace *trace, const char *const *nodes, GString *log)
{
  for (guint i = 0; nodes[i] != NULL; i++)
    g_string_append_printf (log, "%s ", nodes[i]);
}

/* What is found is that of the item chosen, and of the latest one otherwise. */
static void
test_choose (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  g_autoptr (GString) log = g_string_new (NULL);
  TestScript script = test_script_new ();
  int last;

  add_started (&script, NULL, "map1", "map");
  add_item (&script, "map1", 0, FALSE);
  add_item (&script, "map1", 1, TRUE);
  apply (trace, &script);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "a")), ==, HEDDLE_SPAN_FAILED);
  g_assert_null (heddle_trace_find_node (trace, "b"));
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "a", "out"), ==, HEDDLE_EDGE_DEAD);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "map1", "item"), ==, HEDDLE_EDGE_LIVE);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "map1", "out"), ==, HEDDLE_EDGE_PENDING);

  g_signal_connect (trace, "updated", G_CALLBACK (note_updated), log);
  heddle_trace_choose_item (trace, "map1", 0);
  g_assert_nonnull (strstr (log->str, "map1 "));
  g_assert_nonnull (strstr (log->str, "a "));
  g_assert_cmpint (heddle_trace_get_item (trace, "map1", &last), ==, 0);
  g_assert_cmpint (last, ==, 1);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "a")), ==, HEDDLE_SPAN_OK);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "a", "out"), ==, HEDDLE_EDGE_LIVE);
  g_string_truncate (log, 0);
  heddle_trace_choose_item (trace, "map1", 0);
  g_assert_cmpstr (log->str, ==, "");
  heddle_trace_choose_item (trace, "map1", 77);
  g_assert_null (heddle_trace_find_node (trace, "a"));
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "map1", "item"), ==, HEDDLE_EDGE_PENDING);
  heddle_trace_choose_item (trace, "map1", -1);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "a")), ==, HEDDLE_SPAN_FAILED);
  heddle_trace_choose_item (trace, "nothing", 3);
  g_ptr_array_unref (script.events);
}

static void
test_nested (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();

  add_started (&script, NULL, "map1", "map");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *outer = g_strdup_printf ("map1#%u", i);

      add_started (&script, outer, "loop1", "loop");
      for (guint round = 0; round <= i; round++)
        {
          g_autofree char *inner = g_strdup_printf ("%s/loop1#%u", outer, round);

          add_started (&script, inner, "a", "template");
          add_finished (&script, inner, "a");
        }
      add_finished (&script, outer, "loop1");
    }
  apply (trace, &script);
  assert_rows (trace, "0  running|1 map1 running|2 Item 1 ok|3 loop1 ok|4 Round 1 ok|5 a ok|2 Item 2 ok|3 loop1 ok|4 Round 1 ok|5 a ok|4 Round 2 ok|5 a ok|");
  g_assert_cmpstr (heddle_span_get_scope (heddle_trace_find_node (trace, "a")), ==, "map1#1/loop1#1");
  heddle_trace_choose_item (trace, "loop1", 0);
  g_assert_cmpstr (heddle_span_get_scope (heddle_trace_find_node (trace, "a")), ==, "map1#1/loop1#0");
  heddle_trace_choose_item (trace, "map1", 0);
  g_assert_cmpstr (heddle_span_get_scope (heddle_trace_find_node (trace, "a")), ==, "map1#0/loop1#0");
  assert_progress (trace, "loop1", -1, 1, 0, 0);
  heddle_trace_choose_span (trace, heddle_trace_find_in_scope (trace, "map1#1/loop1#1", "a"));
  g_assert_cmpstr (heddle_span_get_scope (heddle_trace_find_node (trace, "a")), ==, "map1#1/loop1#1");
  g_ptr_array_unref (script.events);
}

/* The sums of an item, of its container and of the run. */
static void
test_usage (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  HeddleSpanUsage usage;

  add_started (&script, NULL, "map1", "map");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *scope = g_strdup_printf ("map1#%u", i);

      add_started (&script, scope, "a", "llm");
      add (&script, scope, HEDDLE_EVENT_SPAN_STARTED, "a", "{\"kind\":\"model\"}")->span = 7;
      add (&script, scope, HEDDLE_EVENT_SPAN_FINISHED, "a", "{\"usage\":{\"input_tokens\":2,\"output_tokens\":3,\"cost\":1000}}")->span = 7;
      add_finished (&script, scope, "a");
    }
  apply (trace, &script);
  g_assert_true (heddle_span_get_usage (heddle_trace_find_in_scope (trace, "map1#1", NULL), &usage));
  g_assert_cmpint (usage.input_tokens, ==, 2);
  g_assert_true (heddle_span_get_usage (heddle_trace_find_node (trace, "map1"), &usage));
  g_assert_cmpint (usage.output_tokens, ==, 9);
  g_assert_cmpint (usage.cost, ==, 3000);
  g_assert_true (heddle_span_get_usage (heddle_trace_get_root (trace), &usage));
  g_assert_cmpint (usage.input_tokens, ==, 6);
  g_ptr_array_unref (script.events);
}

/* A container that is tried again begins its items anew; those of before stay to be looked at. */
static void
test_container_retries (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();

  add_started (&script, NULL, "map1", "map");
  add_item (&script, "map1", 0, FALSE);
  add_started (&script, "map1#1", "a", "template");
  add (&script, NULL, HEDDLE_EVENT_NODE_RETRY, "map1", "{\"error\":{\"class\":\"server\",\"message\":\"broken\"}}");
  add (&script, NULL, HEDDLE_EVENT_NODE_STARTED, "map1", NULL)->attempt = 2;
  add_item (&script, "map1", 0, FALSE);
  apply (trace, &script);
  assert_rows (trace, "0  running|1 map1 running|2 Item 1 ok|3 a ok|3 b ok|2 Item 2 cancelled|3 a cancelled|2 Item 1 ok|3 a ok|3 b ok|");
  assert_progress (trace, "map1", -1, 1, 0, 0);
  g_ptr_array_unref (script.events);
}

/* What was open when the process went begins anew in its own span, and says what there was before. */
static void
test_continued (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  HeddleSpan *node;
  JsonNode *attempts;

  add_started (&script, NULL, "map1", "map");
  add_item (&script, "map1", 0, FALSE);
  add_started (&script, "map1#1", "a", "llm");
  add (&script, "map1#1", HEDDLE_EVENT_SPAN_STARTED, "a", "{\"kind\":\"model\"}")->span = 1;
  add (&script, "map1#1", HEDDLE_EVENT_NODE_PARTIAL, "a", NULL)->text = g_strdup ("half a sen");
  add (&script, NULL, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"interrupted\"}");
  apply (trace, &script);
  g_assert_cmpint (heddle_trace_get_state (trace), ==, HEDDLE_RUN_INTERRUPTED);
  assert_rows (trace, "0  cancelled|1 map1 cancelled|2 Item 1 ok|3 a ok|3 b ok|2 Item 2 cancelled|3 a cancelled|4  cancelled|");

  add (&script, NULL, HEDDLE_EVENT_RUN_CONTINUED, NULL, NULL);
  add (&script, NULL, HEDDLE_EVENT_NODE_STARTED, "map1", NULL)->attempt = 2;
  add (&script, "map1#1", HEDDLE_EVENT_NODE_READY, "a", NULL)->attempt = 2;
  add (&script, "map1#1", HEDDLE_EVENT_NODE_STARTED, "a", NULL)->attempt = 2;
  add (&script, "map1#1", HEDDLE_EVENT_SPAN_STARTED, "a", "{\"kind\":\"model\"}")->span = 1;
  apply (trace, &script);
  g_assert_cmpint (heddle_trace_get_state (trace), ==, HEDDLE_RUN_RUNNING);
  assert_rows (trace, "0  running|1 map1 running|2 Item 1 ok|3 a ok|3 b ok|2 Item 2 running|3 a running|4  cancelled|4  running|1 Interrupted: its process was gone cancelled|");
  node = heddle_trace_find_node (trace, "a");
  g_assert_cmpuint (heddle_span_get_attempt (node), ==, 2);
  g_assert_cmpstr (heddle_span_get_text (node), ==, "");
  g_assert_cmpint (heddle_span_get_end (node), ==, -1);
  attempts = heddle_span_get_attribute (node, "attempts");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (attempts)), ==, 1);
  g_assert_cmpstr (heddle_json_get_string (json_array_get_element (json_node_get_array (attempts), 0), "text", NULL), ==, "half a sen");

  add_finished (&script, "map1#1", "a");
  add_finished (&script, NULL, "map1");
  add (&script, NULL, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"ok\"}");
  apply (trace, &script);
  assert_progress (trace, "map1", -1, 2, 0, 0);
  g_assert_null (heddle_span_get_attribute (node, "reason"));
  g_assert_cmpint (heddle_trace_get_state (trace), ==, HEDDLE_RUN_OK);
  g_ptr_array_unref (script.events);
}

/* States that are no plain success: a result of before, a limit, a doubt. */
static void
test_states (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  JsonNode *effects;

  add (&script, NULL, HEDDLE_EVENT_NODE_FINISHED, "pinned", "{\"title\":\"Ask\",\"type\":\"llm\",\"result\":{\"output\":1},\"live\":[\"out\"],\"source\":{\"kind\":\"run\",\"run\":\"r1\"}}");
  add_started (&script, NULL, "loop1", "loop");
  add (&script, NULL, HEDDLE_EVENT_NODE_FINISHED, "loop1", "{\"result\":{\"output\":1},\"live\":[\"out\"],\"limit\":true}");
  add_started (&script, NULL, "post", "http");
  add (&script, NULL, HEDDLE_EVENT_NODE_INTENT, "post", "{\"key\":\"k1\"}");
  add (&script, NULL, HEDDLE_EVENT_NODE_EFFECT, "post", "{\"kind\":\"http\",\"call\":0,\"request\":{\"url\":\"u\"},\"response\":{\"status\":200}}");
  add (&script, NULL, HEDDLE_EVENT_NODE_EFFECT, "post", "{\"kind\":\"http\",\"call\":1,\"request\":{},\"error\":{\"message\":\"no\"}}");
  add (&script, NULL, HEDDLE_EVENT_RUN_CONTINUED, NULL, NULL);
  add (&script, NULL, HEDDLE_EVENT_RUN_ASKED, "post", "{\"id\":\"q1\",\"kind\":\"in-doubt\"}");
  apply (trace, &script);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "pinned")), ==, HEDDLE_SPAN_CACHED);
  g_assert_cmpstr (heddle_span_get_name (heddle_trace_find_node (trace, "pinned")), ==, "Ask");
  g_assert_cmpstr (heddle_json_get_string (heddle_span_get_attribute (heddle_trace_find_node (trace, "pinned"), "source"), "run", NULL), ==, "r1");
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "pinned", "out"), ==, HEDDLE_EDGE_LIVE);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "loop1")), ==, HEDDLE_SPAN_LIMITED);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "post")), ==, HEDDLE_SPAN_DOUBT);
  g_assert_cmpint (heddle_span_get_end (heddle_trace_find_node (trace, "post")), ==, -1);
  g_assert_cmpint (heddle_json_get_int (heddle_span_get_attribute (heddle_trace_find_node (trace, "post"), "intent"), "time_us", 0), ==, 7000);
  effects = heddle_span_get_attribute (heddle_trace_find_node (trace, "post"), "effects");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (effects)), ==, 2);
  g_assert_cmpuint (heddle_span_get_n_effects (heddle_trace_find_node (trace, "post")), ==, 2);

  add (&script, NULL, HEDDLE_EVENT_RUN_ANSWERED, "post", "{\"id\":\"q1\",\"answer\":{}}");
  add (&script, NULL, HEDDLE_EVENT_NODE_FINISHED, "post", "{\"result\":{\"output\":1},\"live\":[\"out\"]}");
  apply (trace, &script);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "post")), ==, HEDDLE_SPAN_OK);
  for (HeddleSpanState state = HEDDLE_SPAN_PENDING; state <= HEDDLE_SPAN_DOUBT; state++)
    {
      g_assert_cmpstr (heddle_span_state_to_string (state), !=, NULL);
      g_assert_cmpstr (heddle_span_state_get_title (state), !=, "");
    }
  g_ptr_array_unref (script.events);
}

static void
count_cb (gpointer object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_pause (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  guint n_notified = 0;

  g_signal_connect (trace, "notify::pause", G_CALLBACK (count_cb), &n_notified);
  add (&script, NULL, HEDDLE_EVENT_RUN_PAUSED, NULL, NULL)->text = g_strdup ("The disk is full.");
  apply (trace, &script);
  g_assert_cmpstr (heddle_trace_get_pause (trace), ==, "The disk is full.");
  add (&script, NULL, HEDDLE_EVENT_RUN_UNPAUSED, NULL, NULL);
  apply (trace, &script);
  g_assert_null (heddle_trace_get_pause (trace));
  g_assert_cmpuint (n_notified, ==, 2);
  assert_rows (trace, "0  running|1 The disk is full. ok|");
  g_ptr_array_unref (script.events);
}

typedef struct
{
  GPtrArray *mirror;
  guint n_signals;
} Watcher;

static void
items_changed_cb (GListModel *list, guint position, guint removed, guint added, Watcher *watcher)
{
  watcher->n_signals++;
  if (removed > 0)
    g_ptr_array_remove_range (watcher->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (watcher->mirror, (int) (position + i), g_list_model_get_item (list, position + i));
}

static void
watch (HeddleTrace *trace, Watcher *watcher)
{
  *watcher = (Watcher){ .mirror = g_ptr_array_new_with_free_func (g_object_unref) };
  g_ptr_array_add (watcher->mirror, g_object_ref (heddle_trace_get_root (trace)));
  g_signal_connect (trace, "items-changed", G_CALLBACK (items_changed_cb), watcher);
}

/* Who follows the list sees what it is, and parents come before what is in them. */
static void
assert_watched (HeddleTrace *trace, Watcher *watcher)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trace)), ==, watcher->mirror->len);
  for (guint i = 0; i < watcher->mirror->len; i++)
    {
      g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (trace), i);

      g_assert_true (span == watcher->mirror->pdata[i]);
      g_assert_true (i == 0 || g_hash_table_contains (seen, heddle_span_get_parent (span)));
      g_hash_table_add (seen, span);
    }
}

/* Of very many items the latest are listed, and those that failed; the numbers are kept. */
static void
test_folds (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  Watcher watcher;
  guint n_failed;

  watch (trace, &watcher);
  add_started (&script, NULL, "map1", "map");
  for (guint i = 0; i < 5000; i++)
    {
      add_item (&script, "map1", i, i % 1000 == 7);
      if (i % 300 == 0)
        apply (trace, &script);
      if (i == 2000)
        heddle_trace_choose_item (trace, "map1", 1900);
    }
  add_finished (&script, NULL, "map1");
  apply (trace, &script);
  assert_watched (trace, &watcher);
  assert_progress (trace, "map1", -1, 5000, 5, 0);
  g_assert_cmpuint (heddle_span_get_n_folded (heddle_trace_find_in_scope (trace, NULL, "map1"), &n_failed), >, 3900);
  g_assert_cmpuint (n_failed, ==, 0);
  g_assert_cmpuint (watcher.mirror->len, <, 3 * 1010);
  g_assert_nonnull (heddle_trace_find_in_scope (trace, "map1#4999", "b"));
  g_assert_nonnull (heddle_trace_find_in_scope (trace, "map1#1900", "b"));
  g_assert_nonnull (heddle_trace_find_in_scope (trace, "map1#7", "a"));
  g_assert_null (heddle_trace_find_in_scope (trace, "map1#8", "a"));

  /* One that is not listed comes back with its events. */
  heddle_trace_choose_item (trace, "map1", 8);
  g_assert_null (heddle_trace_find_node (trace, "a"));
  add_item (&script, "map1", 8, FALSE);
  heddle_trace_restore (trace, script.events);
  assert_watched (trace, &watcher);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "a")), ==, HEDDLE_SPAN_OK);
  assert_progress (trace, "map1", -1, 5000, 5, 0);
  g_ptr_array_unref (watcher.mirror);
  g_ptr_array_unref (script.events);
}

/* Loops in the items of a map: each container keeps its share, and what goes takes along what is in it. */
static void
test_folds_nested (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  Watcher watcher;

  watch (trace, &watcher);
  add_started (&script, NULL, "map1", "map");
  for (guint i = 0; i < 1500; i++)
    {
      g_autofree char *outer = g_strdup_printf ("map1#%u", i);

      add_started (&script, outer, "loop1", "loop");
      for (guint round = 0; round < 3; round++)
        {
          g_autofree char *inner = g_strdup_printf ("%s/loop1#%u", outer, round);

          add_started (&script, inner, "a", "template");
          add_finished (&script, inner, "a");
        }
      add_finished (&script, outer, "loop1");
      if (i % 100 == 99)
        {
          apply (trace, &script);
          assert_watched (trace, &watcher);
        }
    }
  assert_progress (trace, "map1", -1, 1500, 0, 0);
  g_assert_cmpuint (watcher.mirror->len, <, 7000);
  g_ptr_array_unref (watcher.mirror);
  g_ptr_array_unref (script.events);
}

/* A map over a hundred thousand items, in batches as they come live. */
static void
test_enormous (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  guint n_items = g_test_thorough () ? 100000 : 20000;
  gint64 spent = 0;
  Watcher watcher;

  watch (trace, &watcher);
  add_started (&script, NULL, "map1", "map");
  for (guint i = 0; i < n_items; i++)
    {
      gint64 start;

      add_item (&script, "map1", i, FALSE);
      if (i % 100 != 99)
        continue;
      start = g_get_monotonic_time ();
      apply (trace, &script);
      spent += g_get_monotonic_time () - start;
    }
  g_test_message ("%u items of two nodes: %d ms, %u rows", n_items, (int) (spent / 1000), watcher.mirror->len);
  assert_progress (trace, "map1", -1, n_items, 0, 0);
  g_assert_cmpuint (watcher.mirror->len, <, 5000);
  g_ptr_array_unref (watcher.mirror);
  g_ptr_array_unref (script.events);
}

/* Containers that are told of late, or never. */
static void
test_late (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  TestScript script = test_script_new ();
  Watcher watcher;

  watch (trace, &watcher);
  add_started (&script, "map1#2/loop1#0", "a", "template");
  apply (trace, &script);
  assert_rows (trace, "0  running|1 map1 running|2 Round 3 running|3 loop1 running|4 Round 1 running|5 a running|");
  add_started (&script, "map1#2", "loop1", "loop");
  add_started (&script, NULL, "map1", "map");
  add_finished (&script, NULL, "map1");
  apply (trace, &script);
  assert_watched (trace, &watcher);
  assert_rows (trace, "0  running|1 map1 ok|2 Item 3 cancelled|3 loop1 cancelled|4 Round 1 cancelled|5 a cancelled|");
  g_ptr_array_unref (watcher.mirror);
  g_ptr_array_unref (script.events);
}

static void
test_deep (void)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  g_autoptr (GString) path = g_string_new ("c#0");
  TestScript script = test_script_new ();
  Watcher watcher;

  watch (trace, &watcher);
  for (guint i = 1; i < 10000; i++)
    g_string_append_printf (path, "/c%u#%u", i, i);
  for (guint i = 0; i < 50; i++)
    {
      add_started (&script, path->str, "a", "template");
      add (&script, path->str, HEDDLE_EVENT_SPAN_STARTED, "a", NULL)->span = i + 1;
    }
  apply (trace, &script);
  assert_watched (trace, &watcher);
  g_assert_cmpuint (watcher.mirror->len, <, 300);
  g_assert_nonnull (heddle_trace_find_node (trace, "a"));
  g_ptr_array_unref (watcher.mirror);
  g_ptr_array_unref (script.events);
}

static const char *
random_scope (GRand *rand)
{
  static const char *const scopes[] = { NULL, NULL, "", "#", "m#", "m", "m#-1", "m#99999999999", "m#0", "m#1", "m#2147483647", "m#0/l#0", "m#0/l#1", "m#1/l#0", "l#0/m#0", "a#0", "m#0/m#0", "m#0/", "/m#0", "m#0//l#0" };

  return scopes[g_rand_int_range (rand, 0, G_N_ELEMENTS (scopes))];
}

static const char *
random_data (GRand *rand)
{
  static const char *const data[] = {
    NULL, "null", "7", "[]", "{}", "{\"live\":7}", "{\"error\":{\"class\":7}}", "{\"source\":7}", "{\"source\":{}}", "{\"limit\":true}",
    "{\"kind\":\"tool\",\"tool_node\":\"a\"}", "{\"kind\":\"in-doubt\"}", "{\"state\":\"interrupted\"}", "{\"type\":\"map\",\"params\":{\"items\":[1]}}",
    "{\"type\":\"loop\",\"params\":7}", "{\"total\":-7,\"done\":9223372036854775807,\"failed\":\"x\"}", "{\"usage\":{\"input_tokens\":5}}"
  };

  return data[g_rand_int_range (rand, 0, G_N_ELEMENTS (data))];
}

static void
add_random (TestScript *script, GRand *rand)
{
  static const char *const nodes[] = { NULL, "a", "b", "m", "l", "" };
  HeddleEvent *event = add (script, random_scope (rand), g_rand_int_range (rand, 0, HEDDLE_EVENT_RUN_FINISHED), nodes[g_rand_int_range (rand, 0, 6)], random_data (rand));

  event->time = g_rand_int_range (rand, -1000, 100000);
  event->attempt = (guint) g_rand_int_range (rand, 0, 4);
  event->span = (guint64) g_rand_int_range (rand, 0, 4);
  event->parent = (guint64) g_rand_int_range (rand, 0, 4);
  event->text = g_rand_boolean (rand) ? g_strdup ("text") : NULL;
}

/* Whatever comes: no crash, no warning, and a list that is a waterfall. */
static void
test_hostile (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
      TestScript script = test_script_new ();
      g_autofree char *dump = NULL;
      HeddleTraceProgress progress;
      Watcher watcher;
      guint n_calls;

      watch (trace, &watcher);
      for (guint i = 0; i < 60; i++)
        add_random (&script, rand);
      apply (trace, &script);
      heddle_trace_choose_item (trace, "m", g_rand_int_range (rand, -3, 3));
      heddle_trace_get_progress (trace, "m", &progress);
      heddle_trace_find_node (trace, "a");
      heddle_trace_find_call (trace, "a", &n_calls);
      heddle_trace_get_edge_state (trace, "m", "item");
      for (guint i = 0; i < 20; i++)
        add_random (&script, rand);
      heddle_trace_restore (trace, script.events);
      add (&script, NULL, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"ok\"}");
      apply (trace, &script);
      assert_watched (trace, &watcher);
      dump = test_dump_trace (trace);
      g_assert_nonnull (dump);
      g_ptr_array_unref (watcher.mirror);
      g_ptr_array_unref (script.events);
    }
}

/* What a node may do in one scope, as a run would say it; FALSE: it failed or was cut short. */
static gboolean
add_random_node (TestScript *script, GRand *rand, const char *scope, const char *node)
{
  int fate = g_rand_int_range (rand, 0, 10);
  guint64 span = script->seq + 1;

  if (fate == 0)
    {
      add (script, scope, HEDDLE_EVENT_NODE_SKIPPED, node, "{\"title\":\"T\",\"type\":\"llm\"}")->text = g_strdup ("no way led here");
      return TRUE;
    }
  if (fate == 1)
    {
      add (script, scope, HEDDLE_EVENT_NODE_FINISHED, node, "{\"result\":{\"output\":\"old\"},\"live\":[\"out\"],\"source\":{\"kind\":\"cache\"}}");
      return TRUE;
    }
  add_started (script, scope, node, "llm");
  add (script, scope, HEDDLE_EVENT_SPAN_STARTED, node, "{\"kind\":\"model\"}")->span = span;
  add (script, scope, HEDDLE_EVENT_NODE_DELTA, node, NULL)->text = g_strdup ("some");
  /* A run says all of the text before it fails or stops. */
  if (fate < 6)
    add (script, scope, HEDDLE_EVENT_NODE_PARTIAL, node, NULL)->text = g_strdup ("some");
  add (script, scope, HEDDLE_EVENT_NODE_EFFECT, node, "{\"kind\":\"model\",\"call\":1,\"request\":{},\"response\":{}}");
  add (script, scope, HEDDLE_EVENT_SPAN_FINISHED, node, "{\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}")->span = span;
  if (fate == 4)
    add_failed (script, scope, node);
  else if (fate == 5)
    add (script, scope, HEDDLE_EVENT_NODE_CANCELLED, node, NULL)->text = g_strdup ("Stopped.");
  else
    add_finished (script, scope, node);
  return fate != 4 && fate != 5;
}

static TestScript
random_run (GRand *rand)
{
  TestScript script = test_script_new ();
  guint n_items = (guint) g_rand_int_range (rand, 1, 6);

  add (&script, NULL, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"workflow\":\"w\",\"name\":\"W\"}");
  add_started (&script, NULL, "map1", "map");
  for (guint i = 0; i < n_items; i++)
    {
      g_autofree char *outer = g_strdup_printf ("map1#%u", i);
      g_autofree char *inner = g_strdup_printf ("%s/loop1#%u", outer, i % 2);

      add (&script, NULL, HEDDLE_EVENT_NODE_PROGRESS, "map1", "{\"total\":9,\"done\":1}");
      add_started (&script, outer, "loop1", "loop");
      if (add_random_node (&script, rand, inner, "a") && add_random_node (&script, rand, inner, "b"))
        add_finished (&script, outer, "loop1");
      else
        add_failed (&script, outer, "loop1");
    }
  if (g_rand_boolean (rand))
    add_finished (&script, NULL, "map1");
  add (&script, NULL, HEDDLE_EVENT_RUN_FINISHED, NULL, g_rand_boolean (rand) ? "{\"state\":\"ok\",\"output\":1}" : "{\"state\":\"cancelled\"}");
  return script;
}

/* What was stored and read back looks as it did live, whatever happened in the items. */
static void
test_stored_is_live (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", NULL);

  for (guint round = 0; round < 200; round++)
    {
      TestScript script = random_run (rand);
      g_autofree char *id = g_strdup_printf ("run-%u", round);
      HeddleRunHead head = { .id = id, .workflow = "w", .name = "W", .source = "{}", .started = 1 };
      g_autoptr (HeddleTrace) live = heddle_trace_new (id, 1);
      g_autoptr (HeddleTrace) stored = heddle_trace_new (id, 1);
      g_autoptr (GPtrArray) loaded = NULL;
      g_autoptr (GPtrArray) item = NULL;
      g_autofree char *live_text = NULL;
      g_autofree char *stored_text = NULL;

      heddle_trace_apply (live, script.events);
      heddle_store_record_run (store, &head, HEDDLE_DURABILITY_NORMAL);
      heddle_store_record_events (store, id, script.events);
      loaded = heddle_store_load_run (store, id, NULL, NULL, NULL);
      g_assert_nonnull (loaded);
      heddle_trace_apply (stored, loaded);
      live_text = test_dump_trace (live);
      stored_text = test_dump_trace (stored);
      g_assert_cmpstr (stored_text, ==, live_text);
      item = heddle_store_load_scope (store, id, "map1#0", NULL);
      g_assert_nonnull (item);
      for (guint i = 0; i < item->len; i++)
        g_assert_true (g_str_has_prefix (((HeddleEvent *) item->pdata[i])->scope, "map1#0"));
      g_assert_cmpuint (item->len, >, 2);
      g_ptr_array_unref (script.events);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trace-scopes/items", test_items);
  g_test_add_func ("/trace-scopes/choose", test_choose);
  g_test_add_func ("/trace-scopes/nested", test_nested);
  g_test_add_func ("/trace-scopes/usage", test_usage);
  g_test_add_func ("/trace-scopes/container-retries", test_container_retries);
  g_test_add_func ("/trace-scopes/continued", test_continued);
  g_test_add_func ("/trace-scopes/states", test_states);
  g_test_add_func ("/trace-scopes/pause", test_pause);
  g_test_add_func ("/trace-scopes/folds", test_folds);
  g_test_add_func ("/trace-scopes/folds-nested", test_folds_nested);
  g_test_add_func ("/trace-scopes/enormous", test_enormous);
  g_test_add_func ("/trace-scopes/stored-is-live", test_stored_is_live);
  g_test_add_func ("/trace-scopes/late", test_late);
  g_test_add_func ("/trace-scopes/deep", test_deep);
  g_test_add_func ("/trace-scopes/hostile", test_hostile);
  return g_test_run ();
}
