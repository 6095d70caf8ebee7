/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "heddle-error.h"
#include "store/heddle-store-private.h"
#include "test-dump.h"
#include "test-script.h"
#include "trace/heddle-trace-format.h"
#include "trace/heddle-trace.h"
#include "value/heddle-json.h"

/* Two branches, a retry, a failure with an error port, nested spans, a stream, a skip. */
static TestScript
script_full (void)
{
  TestScript script = test_script_new ();

  test_script_add (&script, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"workflow\":\"w\",\"name\":\"Triage\",\"input\":{\"q\":1}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_READY, "a", NULL);
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", "{\"title\":\"Ask\",\"type\":\"llm\",\"params\":{\"prompt\":\"hi\"},\"inputs\":{\"in\":1}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "b", "{\"title\":\"Fetch\",\"type\":\"http\"}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 1, 0, "chat demo/small", "{\"kind\":\"model\",\"messages\":[1]}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 2, 1, "GET example.org", "{\"kind\":\"http\"}");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", "Hel");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", "lo");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_PARTIAL, "a", "Hello");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "a", 2, 0, NULL, "{\"status\":500,\"error\":{\"class\":\"server\",\"message\":\"broken\"}}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "a", 1, 0, NULL, "{\"usage\":{\"input_tokens\":5},\"error\":{\"class\":\"server\",\"message\":\"broken\"}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_RETRY, "a", "{\"delay\":5,\"error\":{\"class\":\"server\",\"message\":\"broken\"}}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 3, 0, "chat demo/small", "{\"kind\":\"model\"}");
  ((HeddleEvent *) script.events->pdata[script.events->len - 1])->attempt = 2;
  test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", "Good")->attempt = 2;
  test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", " day")->attempt = 2;
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "a", 3, 0, NULL, "{\"usage\":{\"input_tokens\":7,\"output_tokens\":11,\"estimated\":true}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", "{\"result\":{\"output\":\"Good day\",\"model\":\"demo/small\"},\"live\":[\"out\"]}")->attempt = 2;
  test_script_add (&script, HEDDLE_EVENT_NODE_FAILED, "b", "{\"error\":{\"class\":\"timeout\",\"message\":\"slow\",\"hint\":\"wait\"},\"live\":[\"error\"]}");
  test_script_add (&script, HEDDLE_EVENT_NODE_SKIPPED, "c", "{\"title\":\"Answer\",\"type\":\"output\"}")->text = g_strdup ("b failed");
  test_script_add (&script, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"ok\",\"output\":\"Good day\",\"note\":\"nice\"}");
  return script;
}

static HeddleTrace *
trace_of (TestScript *script)
{
  HeddleTrace *trace = heddle_trace_new ("run", 1700000000000000);

  heddle_trace_apply (trace, script->events);
  return trace;
}

static void
assert_order (HeddleTrace *trace, const char *const *names)
{
  for (guint i = 0; i < g_strv_length ((char **) names); i++)
    {
      g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (trace), i);

      g_assert_nonnull (span);
      g_assert_cmpstr (heddle_span_get_name (span), ==, names[i]);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trace)), ==, g_strv_length ((char **) names));
}

static void
test_full (void)
{
  static const char *const names[] = { "Triage", "Ask", "chat demo/small", "GET example.org", "chat demo/small", "Fetch", "Answer", NULL };
  TestScript script = script_full ();
  g_autoptr (HeddleTrace) trace = trace_of (&script);
  HeddleSpan *a = heddle_trace_find_node (trace, "a");
  HeddleSpan *b = heddle_trace_find_node (trace, "b");
  HeddleSpan *c = heddle_trace_find_node (trace, "c");
  HeddleSpanUsage usage;

  assert_order (trace, names);
  g_assert_cmpint (heddle_trace_get_state (trace), ==, HEDDLE_RUN_OK);
  g_assert_cmpint (heddle_trace_get_duration (trace), ==, 20000);
  g_assert_cmpstr (heddle_trace_get_note (trace), ==, "nice");
  g_assert_cmpstr (json_node_get_string (heddle_trace_get_output (trace)), ==, "Good day");

  g_assert_cmpint (heddle_span_get_state (a), ==, HEDDLE_SPAN_OK);
  g_assert_cmpstr (heddle_span_get_type_id (a), ==, "llm");
  g_assert_cmpstr (heddle_span_get_text (a), ==, "Good day");
  g_assert_cmpuint (heddle_span_get_attempt (a), ==, 2);
  g_assert_cmpint (heddle_span_get_start (a), ==, 3000);
  g_assert_cmpint (heddle_span_get_end (a), ==, 17000);
  g_assert_null (heddle_span_get_error (a));
  g_assert_cmpuint (heddle_span_get_depth (a), ==, 1);
  g_assert_true (heddle_span_get_parent (a) == heddle_trace_get_root (trace));
  g_assert_cmpstr (heddle_json_get_string (heddle_span_get_attribute (a, "params"), "prompt", NULL), ==, "hi");
  g_assert_true (heddle_span_get_usage (a, &usage));
  g_assert_cmpint (usage.input_tokens, ==, 12);
  g_assert_cmpint (usage.output_tokens, ==, 11);
  g_assert_true (usage.estimated);

  g_assert_cmpuint (heddle_span_get_children (a)->len, ==, 2);
  g_assert_cmpstr (heddle_span_get_kind (heddle_span_get_children (a)->pdata[1]), ==, "model");
  g_assert_cmpuint (heddle_span_get_children (b)->len, ==, 0);

  g_assert_cmpint (heddle_span_get_state (b), ==, HEDDLE_SPAN_FAILED);
  g_assert_error ((GError *) heddle_span_get_error (b), HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
  g_assert_false (heddle_span_get_usage (b, &usage));
  g_assert_cmpint (heddle_span_get_state (c), ==, HEDDLE_SPAN_SKIPPED);
  g_assert_cmpint (heddle_span_get_start (c), ==, -1);
  g_assert_cmpstr (heddle_span_get_text (c), ==, "b failed");

  g_assert_true (heddle_span_get_usage (heddle_trace_get_root (trace), &usage));
  g_assert_cmpint (usage.input_tokens, ==, 12);
  g_ptr_array_unref (script.events);
}

static void
assert_cost (HeddleSpan *span, gint64 cost, gboolean partly_unknown, const char *expected)
{
  g_autofree char *text = heddle_format_span_usage (span);
  HeddleSpanUsage usage;

  g_assert_true (heddle_span_get_usage (span, &usage));
  g_assert_cmpint (usage.cost, ==, cost);
  g_assert_cmpint (usage.cost_partly_unknown, ==, partly_unknown);
  g_assert_cmpstr (text, ==, expected);
}

/* A node costs what its calls cost, the run what its nodes do; an estimate gives way to what was told in the end. */
static void
test_cost (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = NULL;

  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", "{\"title\":\"Ask\",\"type\":\"llm\"}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 1, 0, "chat", "{\"kind\":\"model\"}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_UPDATED, "a", 1, 0, NULL, "{\"usage\":{\"input_tokens\":5,\"cost\":900000000,\"estimated\":true}}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "a", 1, 0, NULL, "{\"usage\":{\"input_tokens\":5,\"cost\":4200000}}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 2, 0, "chat", "{\"kind\":\"model\",\"usage\":{\"input_tokens\":5,\"cost\":0}}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "b", 3, 0, "chat", "{\"kind\":\"model\",\"usage\":{\"input_tokens\":1}}");
  trace = trace_of (&script);
  assert_cost (heddle_trace_find_node (trace, "a"), 4200000, FALSE, "10 tokens · $0.0042");
  assert_cost (heddle_trace_find_node (trace, "b"), -1, FALSE, "1 token · price unknown");
  assert_cost (heddle_trace_get_root (trace), 4200000, TRUE, "11 tokens · ≥ $0.0042 (partly unknown)");
  g_ptr_array_unref (script.events);
}

/* After a retry the text starts again and the trace keeps both. */
static void
test_attempts (void)
{
  TestScript script = script_full ();
  g_autoptr (HeddleTrace) trace = trace_of (&script);
  JsonNode *attempts = heddle_span_get_attribute (heddle_trace_find_node (trace, "a"), "attempts");
  JsonNode *first = json_array_get_element (json_node_get_array (attempts), 0);

  g_assert_cmpstr (heddle_json_get_string (first, "text", NULL), ==, "Hello");
  g_assert_cmpint (heddle_json_get_int (first, "attempt", 0), ==, 1);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (first, "error"), "message", NULL), ==, "broken");
  g_ptr_array_unref (script.events);
}

static void
test_edges (void)
{
  TestScript script = script_full ();
  g_autoptr (HeddleTrace) trace = trace_of (&script);

  g_assert_cmpint (heddle_trace_get_edge_state (trace, "a", "out"), ==, HEDDLE_EDGE_LIVE);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "a", "error"), ==, HEDDLE_EDGE_DEAD);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "b", "out"), ==, HEDDLE_EDGE_DEAD);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "b", "error"), ==, HEDDLE_EDGE_LIVE);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "c", "out"), ==, HEDDLE_EDGE_DEAD);
  g_assert_cmpint (heddle_trace_get_edge_state (trace, "never", "out"), ==, HEDDLE_EDGE_PENDING);
  g_ptr_array_unref (script.events);
}

/* A node that chooses between ways says which; others have nothing to say. */
static void
test_way (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = NULL;
  g_autofree char *known = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *only = NULL;

  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", "{\"live\":[\"out\"]}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "d", "{\"title\":\"Billing?\",\"type\":\"if-else\"}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "d", "{\"live\":[\"true\"]}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "e", "{\"live\":[\"left\"]}");
  trace = trace_of (&script);
  known = heddle_span_dup_way (heddle_trace_find_node (trace, "d"));
  unknown = heddle_span_dup_way (heddle_trace_find_node (trace, "e"));
  only = heddle_span_dup_way (heddle_trace_find_node (trace, "a"));

  g_assert_cmpstr (known, ==, "True");
  g_assert_cmpstr (unknown, ==, "left");
  g_assert_null (only);
  g_ptr_array_unref (script.events);
}

/* What was still going on when the run was cancelled ends with it, and keeps its text. */
static void
test_cancel (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = NULL;
  HeddleSpan *span;

  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", NULL);
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 1, 0, "chat", "{\"kind\":\"model\"}");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", "half");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_CANCELLED, "a", "Stopped");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "b", NULL);
  test_script_add (&script, HEDDLE_EVENT_NODE_READY, "c", NULL);
  test_script_add (&script, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"cancelled\"}");
  trace = trace_of (&script);

  span = heddle_trace_find_node (trace, "a");
  g_assert_cmpint (heddle_span_get_state (span), ==, HEDDLE_SPAN_CANCELLED);
  g_assert_cmpstr (heddle_span_get_text (span), ==, "half");
  g_assert_cmpstr (json_node_get_string (heddle_span_get_attribute (span, "reason")), ==, "Stopped");
  span = g_list_model_get_item (G_LIST_MODEL (trace), 2);
  g_assert_cmpstr (heddle_span_get_kind (span), ==, "model");
  g_assert_cmpint (heddle_span_get_state (span), ==, HEDDLE_SPAN_CANCELLED);
  g_assert_cmpint (heddle_span_get_end (span), ==, 4000);
  g_object_unref (span);
  span = heddle_trace_find_node (trace, "b");
  g_assert_cmpint (heddle_span_get_end (span), ==, 7000);
  g_assert_cmpint (heddle_span_get_state (heddle_trace_find_node (trace, "c")), ==, HEDDLE_SPAN_CANCELLED);
  g_assert_cmpint (heddle_trace_get_state (trace), ==, HEDDLE_RUN_CANCELLED);
  g_ptr_array_unref (script.events);
}

typedef struct
{
  GPtrArray *mirror; /* of HeddleSpan*, kept by items-changed alone */
  guint n_signals;
} Watcher;

static void
items_changed_cb (GListModel *list, guint position, guint removed, guint added, Watcher *watcher)
{
  watcher->n_signals++;
  g_assert_cmpuint (removed, ==, 0);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (watcher->mirror, (int) (position + i), g_list_model_get_item (list, position + i));
  g_assert_cmpuint (watcher->mirror->len, ==, g_list_model_get_n_items (list));
}

static void
assert_mirrors (Watcher *watcher, GListModel *list)
{
  g_assert_cmpuint (watcher->mirror->len, ==, g_list_model_get_n_items (list));
  for (guint i = 0; i < watcher->mirror->len; i++)
    {
      g_autoptr (HeddleSpan) span = g_list_model_get_item (list, i);

      g_assert_true (span == watcher->mirror->pdata[i]);
    }
}

static void
assert_waterfall (HeddleTrace *trace)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (trace)); i++)
    {
      g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (trace), i);
      HeddleSpan *parent = heddle_span_get_parent (span);

      g_assert_true (i == 0 ? parent == NULL : g_hash_table_contains (seen, parent));
      g_hash_table_add (seen, span);
    }
}

/* Who follows items-changed in batches of any size sees the list that there is. */
static void
test_list_signals (void)
{
  TestScript script = script_full ();

  for (guint size = 1; size <= script.events->len; size++)
    {
      g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
      Watcher watcher = { .mirror = g_ptr_array_new_with_free_func (g_object_unref) };

      g_ptr_array_add (watcher.mirror, g_object_ref (heddle_trace_get_root (trace)));
      g_signal_connect (trace, "items-changed", G_CALLBACK (items_changed_cb), &watcher);
      for (guint first = 0; first < script.events->len; first += size)
        {
          g_autoptr (GPtrArray) batch = g_ptr_array_new ();

          for (guint i = first; i < MIN (first + size, script.events->len); i++)
            g_ptr_array_add (batch, script.events->pdata[i]);
          heddle_trace_apply (trace, batch);
          assert_mirrors (&watcher, G_LIST_MODEL (trace));
        }
      assert_waterfall (trace);
      g_ptr_array_unref (watcher.mirror);
    }
  g_ptr_array_unref (script.events);
}

static void
count_cb (gpointer object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
updated_cb (HeddleTrace *trace, const char *const *nodes, GString *log)
{
  g_autofree char *joined = g_strjoinv (",", (char **) nodes);

  g_string_append_printf (log, "[%s]", joined);
}

/* A thousand deltas in one batch are one notification, and only of the node that streams. */
static void
test_coalesces (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  guint n_text = 0, n_state = 0, n_other = 0;

  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", NULL);
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "b", NULL);
  trace = trace_of (&script);
  g_signal_connect (heddle_trace_find_node (trace, "a"), "notify::text", G_CALLBACK (count_cb), &n_text);
  g_signal_connect (heddle_trace_find_node (trace, "a"), "notify::state", G_CALLBACK (count_cb), &n_state);
  g_signal_connect (heddle_trace_find_node (trace, "b"), "notify", G_CALLBACK (count_cb), &n_other);
  g_signal_connect (trace, "updated", G_CALLBACK (updated_cb), log);
  g_ptr_array_set_size (script.events, 0);
  for (guint i = 0; i < 1000; i++)
    test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", "x");
  heddle_trace_apply (trace, script.events);
  g_assert_cmpuint (strlen (heddle_span_get_text (heddle_trace_find_node (trace, "a"))), ==, 1000);
  g_assert_cmpuint (n_text, ==, 1);
  g_assert_cmpuint (n_state, ==, 0);
  g_assert_cmpuint (n_other, ==, 0);
  g_assert_cmpstr (log->str, ==, "[a]");
  g_ptr_array_unref (script.events);
}

/* A run that was stored and read back looks as it did live. */
static void
test_stored_is_live (void)
{
  TestScript script = script_full ();
  g_autoptr (HeddleTrace) live = trace_of (&script);
  g_autoptr (HeddleTrace) stored = heddle_trace_new ("run", 1700000000000000);
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", NULL);
  HeddleRunHead head = { "run", "w", "Triage", "{}", 1700000000000000, NULL };
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *live_text = NULL;
  g_autofree char *stored_text = NULL;

  heddle_store_record_run (store, &head, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (store, "run", script.events);
  loaded = heddle_store_load_run (store, "run", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (loaded->len, <, script.events->len);
  heddle_trace_apply (stored, loaded);
  live_text = test_dump_trace (live);
  stored_text = test_dump_trace (stored);
  g_assert_cmpstr (stored_text, ==, live_text);
  g_ptr_array_unref (script.events);
}

/* A node that runs again (in a loop) has a bar for each time; find gives the latest. */
static void
test_again (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = NULL;

  for (guint i = 0; i < 3; i++)
    {
      test_script_add (&script, HEDDLE_EVENT_NODE_READY, "a", NULL);
      test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", NULL);
      test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", "{\"result\":{\"output\":1}}");
    }
  trace = trace_of (&script);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trace)), ==, 4);
  g_assert_cmpint (heddle_span_get_start (heddle_trace_find_node (trace, "a")), ==, 8000);
  g_ptr_array_unref (script.events);
}

static const char *
random_data (GRand *rand)
{
  static const char *const data[] = {
    NULL, "null", "7", "[]", "{}", "{\"live\":7}", "{\"live\":[1,null,\"out\"]}", "{\"error\":[]}", "{\"error\":{\"class\":7}}",
    "{\"usage\":{\"input_tokens\":9223372036854775807,\"output_tokens\":-5}}", "{\"usage\":7}", "{\"title\":7,\"type\":[]}",
    "{\"state\":\"nonsense\"}", "{\"kind\":{}}", "{\"attempts\":3,\"result\":\"x\"}"
  };

  return data[g_rand_int_range (rand, 0, G_N_ELEMENTS (data))];
}

static HeddleEvent *
add_random (TestScript *script, GRand *rand)
{
  static const char *const nodes[] = { NULL, "a", "b", "c", "" };
  HeddleEvent *event = test_script_add (script, g_rand_int_range (rand, 0, HEDDLE_EVENT_RUN_FINISHED), nodes[g_rand_int_range (rand, 0, 5)], random_data (rand));

  event->time = g_rand_int_range (rand, -1000, 100000);
  event->attempt = (guint) g_rand_int_range (rand, 0, 4);
  event->span = (guint64) g_rand_int_range (rand, 0, 6);
  event->parent = g_rand_boolean (rand) ? (guint64) g_rand_int_range (rand, 0, 6) : G_MAXUINT64;
  event->text = g_rand_boolean (rand) ? g_strdup ("text") : NULL;
  return event;
}

/* Whatever the order and content: no crash, no warning, and a list that is a waterfall. */
static void
test_hostile (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 2000; round++)
    {
      TestScript script = test_script_new ();
      g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
      Watcher watcher = { .mirror = g_ptr_array_new_with_free_func (g_object_unref) };
      g_autofree char *text = NULL;

      g_ptr_array_add (watcher.mirror, g_object_ref (heddle_trace_get_root (trace)));
      g_signal_connect (trace, "items-changed", G_CALLBACK (items_changed_cb), &watcher);
      for (guint i = 0; i < 40; i++)
        add_random (&script, rand);
      heddle_trace_apply (trace, script.events);
      assert_mirrors (&watcher, G_LIST_MODEL (trace));
      assert_waterfall (trace);
      text = test_dump_trace (trace);
      g_assert_nonnull (text);
      heddle_trace_get_edge_state (trace, "a", "out");
      g_ptr_array_unref (watcher.mirror);
      g_ptr_array_unref (script.events);
    }
}

static void
test_deep (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = NULL;
  g_autoptr (HeddleSpan) last = NULL;

  for (guint64 i = 1; i <= 5000; i++)
    test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", i, i - 1, "deeper", NULL);
  trace = trace_of (&script);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trace)), ==, 5002);
  last = g_list_model_get_item (G_LIST_MODEL (trace), 5001);
  g_assert_cmpuint (heddle_span_get_depth (last), <, 100);
  assert_waterfall (trace);
  g_ptr_array_unref (script.events);
}

/* 5 000 bars, watched, in batches as they come live: each batch is told once, whatever the length of the list. */
static void
test_large (void)
{
  TestScript script = test_script_new ();
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  Watcher watcher = { .mirror = g_ptr_array_new_with_free_func (g_object_unref) };
  gint64 start;

  g_ptr_array_add (watcher.mirror, g_object_ref (heddle_trace_get_root (trace)));
  g_signal_connect (trace, "items-changed", G_CALLBACK (items_changed_cb), &watcher);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < 2500; i++)
    {
      g_autofree char *node = g_strdup_printf ("n%u", i);

      g_ptr_array_set_size (script.events, 0);
      test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, node, "{\"title\":\"T\"}");
      test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, node, i + 1, 0, "chat", "{\"kind\":\"model\"}");
      test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, node, i + 1, 0, NULL, "{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
      test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, node, "{\"result\":{\"output\":1},\"live\":[\"out\"]}");
      heddle_trace_apply (trace, script.events);
    }
  g_test_message ("5 000 spans in %d ms", (int) ((g_get_monotonic_time () - start) / 1000));
  g_assert_cmpuint (watcher.n_signals, ==, 2500);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trace)), ==, 5001);
  g_ptr_array_unref (watcher.mirror);
  g_ptr_array_unref (script.events);
}

static void
test_finalizes (void)
{
  TestScript script = script_full ();
  HeddleTrace *trace = trace_of (&script);
  HeddleSpan *span = g_object_ref (heddle_trace_find_node (trace, "a"));

  g_assert_finalize_object (trace);
  /* A view may hold a span for longer than the trace; what is inside it is then gone. */
  g_assert_cmpstr (heddle_span_get_name (span), ==, "Ask");
  g_assert_cmpuint (heddle_span_get_children (span)->len, ==, 0);
  g_assert_finalize_object (span);
  g_ptr_array_unref (script.events);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trace/full", test_full);
  g_test_add_func ("/trace/cost", test_cost);
  g_test_add_func ("/trace/attempts", test_attempts);
  g_test_add_func ("/trace/edges", test_edges);
  g_test_add_func ("/trace/way", test_way);
  g_test_add_func ("/trace/cancel", test_cancel);
  g_test_add_func ("/trace/list-signals", test_list_signals);
  g_test_add_func ("/trace/coalesces", test_coalesces);
  g_test_add_func ("/trace/stored-is-live", test_stored_is_live);
  g_test_add_func ("/trace/again", test_again);
  g_test_add_func ("/trace/hostile", test_hostile);
  g_test_add_func ("/trace/deep", test_deep);
  g_test_add_func ("/trace/large", test_large);
  g_test_add_func ("/trace/finalizes", test_finalizes);
  return g_test_run ();
}
