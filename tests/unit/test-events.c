/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "run/heddle-subscription.h"
#include "value/heddle-json.h"

static void
test_kinds (void)
{
  for (guint i = HEDDLE_EVENT_RUN_STARTED; i <= HEDDLE_EVENT_RUN_FINISHED; i++)
    {
      HeddleEventKind kind;

      g_assert_true (heddle_event_kind_from_string (heddle_event_kind_to_string (i), &kind));
      g_assert_cmpuint (kind, ==, i);
    }
  g_assert_false (heddle_event_kind_from_string ("node.exploded", &(HeddleEventKind){ 0 }));
  g_assert_false (heddle_event_kind_from_string (NULL, &(HeddleEventKind){ 0 }));
}

static void
test_round_trip (void)
{
  g_autoptr (HeddleEvent) event = heddle_event_new (HEDDLE_EVENT_SPAN_STARTED, "llm");
  g_autoptr (HeddleEvent) again = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (JsonNode) json_again = NULL;
  GError *error = NULL;

  event->seq = 7;
  event->time = 12345;
  event->attempt = 2;
  event->span = 3;
  event->parent = 1;
  event->text = g_strdup ("chat demo/small");
  event->data = heddle_harness_json ("{\"kind\":\"model\"}");
  json = heddle_event_to_json (event);
  heddle_harness_assert_json (json, "{\"event\":\"span.started\",\"seq\":7,\"time_us\":12345,\"node\":\"llm\",\"attempt\":2,"
                                    "\"span\":3,\"parent\":1,\"text\":\"chat demo/small\",\"data\":{\"kind\":\"model\"}}");
  again = heddle_event_new_from_json (json, &error);
  g_assert_no_error (error);
  json_again = heddle_event_to_json (again);
  g_assert_true (heddle_json_equal (json, json_again));
  g_assert_true (again->node == event->node);
}

static void
test_hostile_json (void)
{
  static const char *const texts[] = { "null", "[]", "{}", "{\"event\":5}", "{\"event\":\"nothing\"}" };
  g_autoptr (JsonNode) odd = heddle_harness_json ("{\"event\":\"run.started\",\"seq\":-5,\"time_us\":\"x\",\"attempt\":1e300,\"text\":[],\"node\":{}}");
  g_autoptr (HeddleEvent) event = NULL;
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = heddle_harness_json (texts[i]);

      g_assert_null (heddle_event_new_from_json (node, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
      g_clear_error (&error);
    }
  event = heddle_event_new_from_json (odd, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (event->seq, ==, 0);
  g_assert_null (event->node);
  g_assert_null (event->text);
}

static void
test_error_record (void)
{
  g_autoptr (GError) error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_RATE_LIMIT, "Too many requests.");
  g_autoptr (GError) again = NULL;
  g_autoptr (JsonNode) json = NULL;

  heddle_error_set_hint (error, "Wait a minute.");
  heddle_error_detail (error)->http_status = 429;
  heddle_error_detail (error)->request_id = g_strdup ("req-1");
  json = heddle_error_to_json (error);
  g_assert_cmpstr (heddle_json_get_string (json, "class", NULL), ==, "rate_limit");
  g_assert_true (heddle_json_get_boolean (json, "retryable", FALSE));
  again = heddle_error_from_json (json);
  g_assert_error (again, HEDDLE_ERROR, HEDDLE_ERROR_RATE_LIMIT);
  g_assert_cmpstr (again->message, ==, error->message);
  g_assert_cmpuint (heddle_error_detail (again)->http_status, ==, 429);
  g_assert_cmpstr (heddle_error_detail (again)->hint, ==, "Wait a minute.");
  g_assert_cmpstr (heddle_error_detail (again)->request_id, ==, "req-1");
}

static HeddleEvent *
new_event (HeddleEventKind kind, const char *node, const char *text)
{
  HeddleEvent *event = heddle_event_new (kind, node);

  event->text = g_strdup (text);
  return event;
}

static void
test_merge_deltas (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  g_autoptr (GPtrArray) merged = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_DELTA, "a", "a1"));
  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_DELTA, "b", "b1"));
  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_DELTA, "a", "a2"));
  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_DELTA, "b", "b2"));
  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_RETRY, "a", "!"));
  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_DELTA, "a", "a3"));
  g_ptr_array_add (events, new_event (HEDDLE_EVENT_NODE_DELTA, "b", "b3"));
  merged = heddle_subscription_merge_deltas ((HeddleEvent *const *) events->pdata, events->len);
  for (guint i = 0; i < merged->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (merged, i);

      g_string_append_printf (text, "%s:%s ", event->node, event->text);
    }
  g_assert_cmpstr (text->str, ==, "a:a1a2 b:b1b2b3 a:! a:a3 ");
  /* What the run keeps stays as it was. */
  g_assert_cmpstr (((HeddleEvent *) g_ptr_array_index (events, 0))->text, ==, "a1");
}

static HeddlePlan *
new_wait_plan (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "W");

  heddle_test_nodes_add (builder, "wait", heddle_registry_lookup ("wait"), "{\"seconds\":0.05}");
  heddle_test_nodes_add (builder, "echo", &heddle_test_node_echo, NULL);
  heddle_test_nodes_connect (builder, "wait echo");
  return heddle_harness_finish (builder);
}

typedef struct
{
  GMainContext *context;
  guint id;
  guint n_batches;
  gint64 last_batch; /* monotonic time */
  guint n_events;
  gboolean ended;
  gboolean destroyed;
} Listener;

static void
listen_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  Listener *listener = user_data;
  const HeddleEvent *last = g_ptr_array_index (events, events->len - 1);

  g_assert_true (g_main_context_is_owner (listener->context));
  g_assert_false (listener->destroyed);
  listener->last_batch = g_get_monotonic_time ();
  listener->n_batches++;
  listener->n_events += events->len;
  listener->ended = last->kind == HEDDLE_EVENT_RUN_FINISHED;
  if (listener->id != 0)
    {
      heddle_run_unsubscribe (run, listener->id);
      g_assert_false (listener->destroyed);
    }
}

static void
destroy_cb (gpointer user_data)
{
  ((Listener *) user_data)->destroyed = TRUE;
}

static void
test_late_subscriber (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = new_wait_plan ();
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  g_autoptr (HeddleHarnessResult) first = heddle_harness_wait (run);
  g_autoptr (HeddleHarnessResult) second = heddle_harness_wait (run);

  g_assert_cmpuint (first->events->len, ==, second->events->len);
  g_assert_cmpuint (second->events->len, ==, 7);
  for (guint i = 0; i < first->events->len; i++)
    g_assert_true (g_ptr_array_index (first->events, i) == g_ptr_array_index (second->events, i));
}

static void
test_interval (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = new_wait_plan ();
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  Listener listener = { .context = g_main_context_default () };
  gint64 began;

  began = g_get_monotonic_time ();
  heddle_run_subscribe (run, NULL, 200, listen_cb, &listener, destroy_cb);
  while (!listener.destroyed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (listener.ended);
  g_assert_cmpuint (listener.n_events, ==, 7);
  /* The first as soon as possible, each other a fifth of a second later or more. */
  g_assert_cmpint (listener.last_batch - began, >=, (listener.n_batches - 1) * 200 * G_TIME_SPAN_MILLISECOND);
}

static void
test_unsubscribe_inside (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = new_wait_plan ();
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  Listener listener = { .context = g_main_context_default () };
  g_autoptr (HeddleHarnessResult) result = NULL;

  listener.id = heddle_run_subscribe (run, NULL, 0, listen_cb, &listener, destroy_cb);
  result = heddle_harness_wait (run);
  while (!listener.destroyed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (listener.n_batches, ==, 1);
  heddle_run_unsubscribe (run, listener.id);
}

static void
test_unsubscribe_before (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = new_wait_plan ();
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  Listener listener = { .context = g_main_context_default () };
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_run_unsubscribe (run, heddle_run_subscribe (run, NULL, 0, listen_cb, &listener, destroy_cb));
  while (!listener.destroyed)
    g_main_context_iteration (NULL, TRUE);
  result = heddle_harness_wait (run);
  g_assert_cmpuint (listener.n_batches, ==, 0);
}

static gpointer
subscribe_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Listener listener = { .context = context };

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 20; i++)
    {
      Listener other = { .context = context };
      guint id = heddle_run_subscribe (data, NULL, 0, listen_cb, &other, destroy_cb);

      g_main_context_iteration (context, FALSE);
      heddle_run_unsubscribe (data, id);
      while (!other.destroyed)
        g_main_context_iteration (context, TRUE);
    }
  heddle_run_subscribe (data, NULL, 0, listen_cb, &listener, destroy_cb);
  while (!listener.destroyed)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return GUINT_TO_POINTER (listener.n_events);
}

static void
test_threads (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = new_wait_plan ();
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("listener", subscribe_thread, run);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 7);
}

static void
test_ids_sort (void)
{
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = heddle_harness_finish (heddle_plan_builder_new ("w", "W"));
  g_autofree char *last = g_strdup ("");

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);

      g_assert_true (g_uuid_string_is_valid (heddle_run_get_id (run)));
      g_assert_cmpstr (heddle_run_get_id (run), >, last);
      g_free (last);
      last = g_strdup (heddle_run_get_id (run));
      g_usleep (5);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/events/kinds", test_kinds);
  g_test_add_func ("/events/round-trip", test_round_trip);
  g_test_add_func ("/events/hostile-json", test_hostile_json);
  g_test_add_func ("/events/error-record", test_error_record);
  g_test_add_func ("/events/merge-deltas", test_merge_deltas);
  g_test_add_func ("/events/late-subscriber", test_late_subscriber);
  g_test_add_func ("/events/interval", test_interval);
  g_test_add_func ("/events/unsubscribe-inside", test_unsubscribe_inside);
  g_test_add_func ("/events/unsubscribe-before", test_unsubscribe_before);
  g_test_add_func ("/events/threads", test_threads);
  g_test_add_func ("/events/ids-sort", test_ids_sort);
  return g_test_run ();
}
