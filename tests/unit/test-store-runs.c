/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "test-script.h"
#include "store-fixture.h"
#include "value/heddle-json.h"

static void
begin (HeddleStore *store, const char *id, const char *workflow, gint64 started, HeddleDurability durability)
{
  HeddleRunHead head = { id, workflow, "Triage", "{\"nodes\":[]}", started, NULL };

  heddle_store_record_run (store, &head, durability);
}

static void
record (HeddleStore *store, const char *id, TestScript *script)
{
  heddle_store_record_events (store, id, script->events);
  g_ptr_array_unref (script->events);
}

static GPtrArray *
load (HeddleStore *store, const char *id, HeddleRunInfo **info)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *events = heddle_store_load_run (store, id, info, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (events);
  return events;
}

static void
test_run (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL;
  HeddleRunInfo *info = NULL;
  HeddleEvent *event;

  test_script_add (&script, HEDDLE_EVENT_RUN_STARTED, NULL, "{\"workflow\":\"w\"}");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", "{\"title\":\"Ask\",\"type\":\"llm\"}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 3, 0, "chat", "{\"kind\":\"model\"}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "a", 3, 0, NULL, "{\"usage\":{\"input_tokens\":4,\"output_tokens\":6,\"cost\":1500}}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "a", 4, 0, "chat", "{\"kind\":\"model\"}");
  test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "a", 4, 0, NULL, "{\"usage\":{\"input_tokens\":1}}");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", "{\"result\":{\"output\":[1,2.5,null]},\"live\":[\"out\"]}");
  test_script_add (&script, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"ok\",\"output\":\"  First\\nSecond\"}");
  begin (fixture->store, "018f-aa", "w", 1700000000000000, HEDDLE_DURABILITY_FULL);
  heddle_store_record_events (fixture->store, "018f-aa", script.events);

  events = heddle_store_load_run (fixture->store, "018", &info, &source, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (source, ==, "{\"nodes\":[]}");
  g_assert_cmpstr (info->id, ==, "018f-aa");
  g_assert_cmpstr (info->workflow, ==, "w");
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_OK);
  g_assert_cmpint (info->started, ==, 1700000000000000);
  g_assert_cmpint (info->duration, ==, 8000);
  g_assert_cmpint (info->tokens, ==, 11);
  g_assert_cmpint (info->cost, ==, 1500);
  g_assert_true (info->cost_partly_unknown);
  g_assert_cmpstr (info->summary, ==, "First");
  heddle_run_info_free (info);

  g_assert_cmpuint (events->len, ==, script.events->len);
  for (guint i = 0; i < events->len; i++)
    {
      g_autoptr (JsonNode) loaded = heddle_event_to_json (events->pdata[i]);
      g_autoptr (JsonNode) expected = heddle_event_to_json (script.events->pdata[i]);

      g_assert_true (heddle_json_equal (loaded, expected));
    }
  event = events->pdata[1];
  g_assert_true (event->node == g_intern_string ("a"));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM spans WHERE state = 'ok' AND end > start"), ==, 3);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM spans WHERE cost = 1500"), ==, 1);
  g_ptr_array_unref (script.events);
}

static void
test_find (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) limited = NULL;
  g_autoptr (GPtrArray) exact = NULL;
  g_autoptr (GError) error = NULL;

  begin (fixture->store, "r1", "w", 1, HEDDLE_DURABILITY_NORMAL);
  begin (fixture->store, "r12", "w", 3, HEDDLE_DURABILITY_NORMAL);
  begin (fixture->store, "r13", "v", 2, HEDDLE_DURABILITY_NORMAL);

  list = heddle_store_list_runs (fixture->store, "w", 10, &error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((HeddleRunInfo *) list->pdata[0])->id, ==, "r12");
  g_assert_cmpint (((HeddleRunInfo *) list->pdata[0])->state, ==, HEDDLE_RUN_RUNNING);
  g_assert_cmpint (((HeddleRunInfo *) list->pdata[0])->duration, ==, -1);
  g_assert_cmpint (((HeddleRunInfo *) list->pdata[0])->tokens, ==, -1);
  limited = heddle_store_list_runs (fixture->store, NULL, 2, &error);
  g_assert_cmpuint (limited->len, ==, 2);
  g_assert_cmpstr (((HeddleRunInfo *) limited->pdata[1])->id, ==, "r13");

  exact = load (fixture->store, "r1", NULL);
  g_assert_null (heddle_store_load_run (fixture->store, "r", NULL, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (heddle_store_load_run (fixture->store, "%", NULL, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (heddle_store_load_run (fixture->store, "", NULL, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

/* Deltas are not stored; of partials the last of each attempt, and none once there is a result. */
static void
test_partials (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autoptr (GPtrArray) events = NULL;

  test_script_add_text (&script, HEDDLE_EVENT_NODE_DELTA, "a", "x");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_PARTIAL, "a", "one");
  test_script_add_text (&script, HEDDLE_EVENT_NODE_PARTIAL, "a", "one two");
  test_script_add (&script, HEDDLE_EVENT_NODE_RETRY, "a", NULL);
  test_script_add_text (&script, HEDDLE_EVENT_NODE_PARTIAL, "a", "again")->attempt = 2;
  test_script_add_text (&script, HEDDLE_EVENT_NODE_PARTIAL, "b", "other");
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", NULL)->attempt = 2;
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  record (fixture->store, "r", &script);

  events = load (fixture->store, "r", NULL);
  g_assert_cmpuint (events->len, ==, 4);
  g_assert_cmpstr (((HeddleEvent *) events->pdata[0])->text, ==, "one two");
  g_assert_cmpstr (((HeddleEvent *) events->pdata[2])->text, ==, "other");
}

static char *
dup_long_json (guint number)
{
  g_autofree char *text = g_strnfill (2000, (char) ('a' + number % 20));

  return g_strdup_printf ("{\"result\":{\"output\":{\"%u\":[\"%s\",{\"$blob\":1,\"x\":2},{\"$blob\":3},{\"$$blob\":4}]}}}", number, text);
}

static void
test_values (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autofree char *json = dup_long_json (1);
  g_autoptr (JsonNode) expected = heddle_json_parse (json, -1, NULL);
  g_autoptr (GPtrArray) events = NULL;

  for (guint i = 0; i < 10; i++)
    test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", json);
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  begin (fixture->store, "s", "v", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "s", script.events);
  record (fixture->store, "r", &script);

  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM blobs"), ==, 1);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT max(length(data)) FROM events"), <, 256);
  events = load (fixture->store, "r", NULL);
  for (guint i = 0; i < events->len; i++)
    g_assert_true (heddle_json_equal (((HeddleEvent *) events->pdata[i])->data, expected));

  /* A value goes with the last run that has it. */
  g_assert_true (heddle_store_delete_workflow (fixture->store, "w", NULL));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM blobs"), ==, 1);
  g_assert_true (heddle_store_delete_workflow (fixture->store, "v", NULL));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM blobs"), ==, 0);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM events"), ==, 0);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM sources"), ==, 0);
}

/* Takes message. */
static JsonNode *
append_message (JsonNode *messages, JsonNode *message)
{
  JsonArray *longer = json_array_new ();

  for (guint i = 0; messages != NULL && i < json_array_get_length (json_node_get_array (messages)); i++)
    json_array_add_element (longer, json_node_ref (json_array_get_element (json_node_get_array (messages), i)));
  json_array_add_element (longer, message);
  return heddle_json_array (longer);
}

/* Each event has the conversation so far, as those of an agent do: short and long messages in turn. */
static TestScript
write_conversation (guint n_turns)
{
  TestScript script = test_script_new ();
  g_autofree char *page = g_strnfill (1000, 'p');
  g_autoptr (JsonNode) messages = NULL;

  for (guint i = 0; i < n_turns; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"role\":\"tool\",\"content\":\"%u%s\"}", i, i % 2 == 0 ? page : "");
      g_autoptr (JsonNode) shorter = g_steal_pointer (&messages);
      JsonObject *data = json_object_new ();

      messages = append_message (shorter, heddle_json_parse (text, -1, NULL));
      json_node_seal (messages);
      json_object_set_member (data, "messages", json_node_ref (messages));
      test_script_add (&script, HEDDLE_EVENT_SPAN_STARTED, "agent", NULL)->data = heddle_json_object (data);
    }
  return script;
}

static void
assert_same_data (GPtrArray *loaded, GPtrArray *recorded)
{
  g_assert_cmpuint (loaded->len, ==, recorded->len);
  for (guint i = 0; i < loaded->len; i++)
    g_assert_true (heddle_json_equal (((HeddleEvent *) loaded->pdata[i])->data, ((HeddleEvent *) recorded->pdata[i])->data));
}

/* A list that grows costs what is new in it, not itself once more each time. */
static void
test_growing_list (StoreFixture *fixture, gconstpointer data)
{
  const guint n_turns = 400;
  TestScript script = write_conversation (n_turns);
  g_autoptr (GPtrArray) events = NULL;

  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", script.events);
  events = load (fixture->store, "r", NULL);
  assert_same_data (events, script.events);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT sum(length(json)) FROM blobs"), <, n_turns * 1500);
  g_ptr_array_unref (script.events);
}

/* Calls of a model as an agent makes them, each with its span and its record, which say much the same. */
static TestScript
write_calls (guint n_calls)
{
  TestScript script = test_script_new ();
  g_autofree char *page = g_strnfill (1000, 'p');

  for (guint i = 0; i < n_calls; i++)
    {
      g_autofree char *begin = g_strdup_printf ("{\"kind\":\"model\",\"model\":\"m\",\"messages\":[\"%u%s\"],\"response_format\":\"text\"}", i, page);
      g_autofree char *end = g_strdup_printf ("{\"response\":\"%u\",\"usage\":{\"input_tokens\":%u},\"first_token_us\":1}", i, i);
      g_autofree char *effect = g_strdup_printf ("{\"kind\":\"model\",\"call\":%u,\"request\":{\"model\":\"m\",\"messages\":[\"%u%s\"],\"json\":true},"
                                                 "\"response\":{\"response\":\"%u\",\"usage\":{\"input_tokens\":%u},\"opaque\":{\"$blob\":[\"1.1\",{}]}}}",
                                                 i, i, page, i, i);

      test_script_add_span (&script, HEDDLE_EVENT_SPAN_STARTED, "agent", i + 1, 0, "m", begin);
      test_script_add_span (&script, HEDDLE_EVENT_SPAN_FINISHED, "agent", i + 1, 0, NULL, end);
      test_script_add_span (&script, HEDDLE_EVENT_NODE_EFFECT, "agent", i + 1, 0, NULL, effect);
    }
  return script;
}

/* What a record has in common with its span is stored once, and comes back wherever reading begins. */
static void
test_recorded_calls (StoreFixture *fixture, gconstpointer data)
{
  const guint n_calls = 20;
  TestScript script = write_calls (n_calls);
  g_autoptr (GPtrArray) events = NULL;
  HeddleEvent *last = g_ptr_array_index (script.events, script.events->len - 1);

  last->scope = g_ref_string_new ("map1#0");
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", script.events);
  events = load (fixture->store, "r", NULL);
  assert_same_data (events, script.events);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT max(length(data)) FROM events WHERE kind = 'node.effect'"), <, 200);
  g_clear_pointer (&events, g_ptr_array_unref);

  events = heddle_store_load_scope (fixture->store, "r", "map1#0", NULL);
  g_assert_cmpuint (events->len, ==, 1);
  g_assert_true (heddle_json_equal (((HeddleEvent *) events->pdata[0])->data, last->data));
  g_ptr_array_unref (script.events);
}

/* A record whose span is not known, or has not ended, says all by itself. */
static void
test_calls_without_span (StoreFixture *fixture, gconstpointer data)
{
  static const guint kept[] = { 0, 2, 4, 5 };
  TestScript script = write_calls (2);
  g_autoptr (GPtrArray) some = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  g_autoptr (GPtrArray) events = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_ptr_array_add (some, heddle_event_ref (g_ptr_array_index (script.events, kept[i])));
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", some);
  events = load (fixture->store, "r", NULL);
  assert_same_data (events, some);
  g_ptr_array_unref (script.events);
}

/* A short value that the run holds on to is written a few times, and then only referred to. */
static void
test_shared_value (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autoptr (JsonNode) tools = heddle_json_parse ("[{\"name\":\"read\",\"description\":\"Reads a page and says what is on it.\"}]", -1, NULL);
  g_autoptr (GPtrArray) events = NULL;

  json_node_seal (tools);
  for (guint i = 0; i < 50; i++)
    {
      JsonObject *object = json_object_new ();

      json_object_set_member (object, "tools", json_node_ref (tools));
      test_script_add (&script, HEDDLE_EVENT_SPAN_STARTED, "agent", NULL)->data = heddle_json_object (object);
    }
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", script.events);
  events = load (fixture->store, "r", NULL);
  assert_same_data (events, script.events);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM blobs"), ==, 1);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM events WHERE data LIKE '%$blob%'"), >, 40);
  g_ptr_array_unref (script.events);
}

/* Values that are known from a run that was deleted are written again for the next one, which may get its key. */
static void
test_same_values_again (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = write_conversation (20);
  g_autoptr (GPtrArray) events = NULL;

  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", script.events);
  g_assert_true (heddle_store_delete_workflow (fixture->store, "w", NULL));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM blobs"), ==, 0);
  begin (fixture->store, "s", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "s", script.events);
  events = load (fixture->store, "s", NULL);
  assert_same_data (events, script.events);
  g_ptr_array_unref (script.events);
}

/* Lists in lists, each of them long enough for pieces. */
static void
test_nested_lists (StoreFixture *fixture, gconstpointer data)
{
  const guint n_levels = 400;
  TestScript script = test_script_new ();
  g_autoptr (GString) text = g_string_new ("{\"result\":");
  g_autoptr (GPtrArray) events = NULL;

  for (guint i = 0; i < n_levels; i++)
    {
      g_string_append_c (text, '[');
      for (guint n = 0; n < 100; n++)
        g_string_append_printf (text, "{\"n\":%u},", n + i);
    }
  g_string_append (text, "{}");
  for (guint i = 0; i < n_levels; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", text->str);
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", script.events);
  events = load (fixture->store, "r", NULL);
  assert_same_data (events, script.events);
  g_ptr_array_unref (script.events);
}

/* Values as deep as they may be, and as large as they come. */
static void
test_extremes (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autoptr (GString) deep = g_string_new ("{\"result\":");
  g_autofree char *huge = g_strnfill (5000000, 'h');
  g_autofree char *huge_json = g_strdup_printf ("{\"result\":{\"output\":\"%s\"}}", huge);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (JsonNode) expected = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (deep, "[[],");
  g_string_append (deep, "1");
  for (guint i = 0; i < 500; i++)
    g_string_append_c (deep, ']');
  g_string_append_c (deep, '}');
  expected = heddle_json_parse (deep->str, -1, NULL);
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", deep->str);
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "b", huge_json);
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  record (fixture->store, "r", &script);
  events = load (fixture->store, "r", NULL);
  g_assert_true (heddle_json_equal (((HeddleEvent *) events->pdata[0])->data, expected));
  g_assert_cmpuint (strlen (heddle_json_get_string (heddle_json_member (((HeddleEvent *) events->pdata[1])->data, "result"), "output", "")),
                    ==, 5000000);
}

static void
test_damaged_values (StoreFixture *fixture, gconstpointer data)
{
  static const char *const damages[] = {
    "UPDATE blobs SET json = '{\"$blob\":1}'",
    "UPDATE blobs SET json = '{\"$blob\":99}'",
    "UPDATE blobs SET json = '['",
    "UPDATE blobs SET json = '{\"$blob\":[1]}'",
    "UPDATE blobs SET json = '{\"$blob\":[99,[]]}'",
    "UPDATE blobs SET json = '{\"$blob\":[\"x\"]}'",
    "UPDATE blobs SET json = '{\"$blob\":[[1],null]}'",
    "UPDATE blobs SET json = '{\"$blob\":\"x\"}'",
    "PRAGMA foreign_keys = OFF",
    "DELETE FROM blobs",
    "UPDATE events SET kind = 'nonsense'",
  };
  TestScript script = test_script_new ();
  g_autofree char *json = dup_long_json (1);

  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", json);
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  record (fixture->store, "r", &script);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;

      store_test_query (fixture->store, damages[i]);
      g_assert_null (heddle_store_load_run (fixture->store, "r", NULL, NULL, &error));
      g_assert_nonnull (error);
    }
}

/* A record that refers to what is not there, not a record's span, or itself refers to another event. */
static void
test_damaged_calls (StoreFixture *fixture, gconstpointer data)
{
  static const char *const damages[] = {
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"99.2\",{}]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"1.99\",{}]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"3.2\",{}]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"2.2\",{}]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"1.2\",[]]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"1.2\"]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"1.1\",{}]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"x.y\",{}]}}' WHERE kind = 'node.effect'",
    "UPDATE events SET data = '{\"request\":{\"$blob\":[\"\",{}]}}' WHERE kind = 'node.effect'",
  };
  TestScript script = write_calls (1);

  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  record (fixture->store, "r", &script);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;

      store_test_query (fixture->store, damages[i]);
      g_assert_null (heddle_store_load_run (fixture->store, "r", NULL, NULL, &error));
      g_assert_nonnull (error);
    }
}

static void
test_memory_durability (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();

  test_script_add (&script, HEDDLE_EVENT_RUN_STARTED, NULL, NULL);
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_MEMORY);
  record (fixture->store, "r", &script);
  g_assert_true (heddle_store_flush (fixture->store));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs"), ==, 0);
}

/* A run is interrupted once its store is gone, and not while another store looks at it. */
static void
test_interrupted (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  HeddleStore *other = store_test_open (fixture->path);
  g_autoptr (GPtrArray) running = NULL;
  g_autoptr (GPtrArray) interrupted = NULL;
  HeddleRunInfo *info = NULL;
  HeddleEvent *last;

  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", NULL);
  begin (other, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  record (other, "r", &script);
  g_assert_true (heddle_store_flush (other));
  running = load (fixture->store, "r", &info);
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_RUNNING);
  g_assert_cmpuint (running->len, ==, 1);
  heddle_run_info_free (info);

  g_assert_finalize_object (other);
  interrupted = load (fixture->store, "r", &info);
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_INTERRUPTED);
  g_assert_cmpint (info->duration, ==, 1000);
  heddle_run_info_free (info);
  g_assert_cmpuint (interrupted->len, ==, 2);
  last = interrupted->pdata[1];
  g_assert_cmpint (last->kind, ==, HEDDLE_EVENT_RUN_FINISHED);
  g_assert_cmpstr (heddle_json_get_string (last->data, "state", NULL), ==, "interrupted");
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM spans WHERE state = 'cancelled'"), ==, 1);
}

/* Events of a run that was deleted meanwhile neither bring it back nor hold up others. */
static void
test_deleted_while_running (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();

  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  g_assert_true (heddle_store_delete_workflow (fixture->store, "w", NULL));
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", NULL);
  record (fixture->store, "r", &script);
  g_assert_true (heddle_store_flush (fixture->store));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM events"), ==, 0);
}

static void
test_disk_full (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autoptr (GPtrArray) events = NULL;

  store_test_query (fixture->store, "PRAGMA max_page_count = 1");
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *json = dup_long_json (i);

      test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", json);
    }
  record (fixture->store, "r", &script);
  g_assert_false (heddle_store_flush (fixture->store));
  store_test_query (fixture->store, "PRAGMA max_page_count = 100000");
  g_assert_true (heddle_store_flush (fixture->store));
  events = load (fixture->store, "r", NULL);
  g_assert_cmpuint (events->len, ==, 500);
}

static void
test_trims (StoreFixture *fixture, gconstpointer data)
{
  for (gint64 i = 0; i < 700; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%04d", (int) i);
      TestScript script = test_script_new ();

      begin (fixture->store, id, i == 0 ? "other" : "w", i, HEDDLE_DURABILITY_NORMAL);
      test_script_add (&script, HEDDLE_EVENT_RUN_FINISHED, NULL, "{\"state\":\"failed\",\"error\":{\"message\":\"no\"}}");
      record (fixture->store, id, &script);
    }
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs WHERE workflow = 'w'"), >=, 500);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs WHERE workflow = 'w'"), <=, 550);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs WHERE workflow = 'other'"), ==, 1);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT max(started) FROM runs"), ==, 699);
}

/* 150 bytes per event and 1.5 times the data, for a chain of nodes that hand on what they got. */
static void
test_size (StoreFixture *fixture, gconstpointer data)
{
  TestScript script = test_script_new ();
  g_autofree char *value = g_strnfill (10000, 'v');
  g_autofree char *started = g_strdup_printf ("{\"title\":\"Set\",\"type\":\"set\",\"params\":{},\"inputs\":{\"in\":\"%s\"}}", value);
  g_autofree char *finished = g_strdup_printf ("{\"result\":{\"output\":\"%s\"},\"live\":[\"out\"]}", value);
  gint64 before, size;

  g_assert_true (heddle_store_flush (fixture->store));
  before = store_test_query (fixture->store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *node = g_strdup_printf ("node%u", i);

      test_script_add (&script, HEDDLE_EVENT_NODE_READY, node, NULL);
      test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, node, started);
      test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, node, finished);
    }
  begin (fixture->store, "r", "w", 1, HEDDLE_DURABILITY_NORMAL);
  record (fixture->store, "r", &script);
  size = store_test_query (fixture->store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") - before;
  g_test_message ("%.1f bytes per event", (double) (size - 15000) / 3000);
  g_assert_cmpint (size, <, 3000 * 150 + 15000);
}

#define ADD(name, func) g_test_add ("/store-runs/" name, StoreFixture, NULL, store_test_set_up, func, store_test_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("run", test_run);
  ADD ("find", test_find);
  ADD ("partials", test_partials);
  ADD ("values", test_values);
  ADD ("growing-list", test_growing_list);
  ADD ("recorded-calls", test_recorded_calls);
  ADD ("calls-without-span", test_calls_without_span);
  ADD ("shared-value", test_shared_value);
  ADD ("same-values-again", test_same_values_again);
  ADD ("nested-lists", test_nested_lists);
  ADD ("extremes", test_extremes);
  ADD ("damaged-values", test_damaged_values);
  ADD ("damaged-calls", test_damaged_calls);
  ADD ("memory-durability", test_memory_durability);
  ADD ("interrupted", test_interrupted);
  ADD ("deleted-while-running", test_deleted_while_running);
  ADD ("disk-full", test_disk_full);
  ADD ("trims", test_trims);
  ADD ("size", test_size);
  return g_test_run ();
}
