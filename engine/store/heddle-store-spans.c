/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-private.h"

#include "run/heddle-event.h"
#include "value/heddle-json.h"

/* What one event says about its span; what it does not say is NULL or -1 and leaves the row as it was. */
typedef struct
{
  const char *kind;
  const char *name;
  const char *state;
  gint64 start;
  gint64 end;
  gint64 input_tokens;
  gint64 output_tokens;
  gint64 cost;
} SpanChange;

static void
read_usage (SpanChange *change,
            JsonNode *data)
{
  JsonNode *usage = heddle_json_member (data, "usage");

  change->input_tokens = heddle_json_get_int (usage, "input_tokens", -1);
  change->output_tokens = heddle_json_get_int (usage, "output_tokens", -1);
  change->cost = heddle_json_get_int (usage, "cost", -1);
}

static const char *
get_result_state (JsonNode *data)
{
  if (heddle_json_member (data, "source") != NULL)
    return "cached";
  return heddle_json_get_boolean (data, "limit", FALSE) ? "limited" : "ok";
}

/* FALSE when the event changes no span. */
static gboolean
read_change (HeddleEvent *event,
             SpanChange *change)
{
  *change = (SpanChange){ .start = -1, .end = event->time, .input_tokens = -1, .output_tokens = -1, .cost = -1 };
  switch (event->kind)
    {
    case HEDDLE_EVENT_NODE_STARTED:
      *change = (SpanChange){ "node", heddle_json_get_string (event->data, "title", event->node), "running", event->time, -1, -1, -1, -1 };
      return TRUE;
    case HEDDLE_EVENT_SPAN_STARTED:
      *change = (SpanChange){ heddle_json_get_string (event->data, "kind", NULL), event->text, "running", event->time, -1, -1, -1, -1 };
      read_usage (change, event->data);
      return TRUE;
    case HEDDLE_EVENT_SPAN_UPDATED:
      change->end = -1;
      read_usage (change, event->data);
      return change->input_tokens >= 0 || change->output_tokens >= 0;
    case HEDDLE_EVENT_SPAN_FINISHED:
      change->state = heddle_json_is_null (heddle_json_member (event->data, "error")) ? "ok" : "failed";
      read_usage (change, event->data);
      return TRUE;
    case HEDDLE_EVENT_NODE_RETRY:
      change->state = "retry";
      change->end = -1;
      return TRUE;
    case HEDDLE_EVENT_NODE_FINISHED:
      change->name = heddle_json_get_string (event->data, "title", NULL);
      change->state = get_result_state (event->data);
      return TRUE;
    case HEDDLE_EVENT_NODE_FAILED:
      change->state = heddle_json_member (event->data, "handled") != NULL ? "handled" : "failed";
      return TRUE;
    case HEDDLE_EVENT_NODE_SKIPPED:
      change->name = heddle_json_get_string (event->data, "title", NULL);
      change->state = "skipped";
      return TRUE;
    case HEDDLE_EVENT_NODE_CANCELLED:
      change->state = "cancelled";
      return TRUE;
    case HEDDLE_EVENT_RUN_STARTED:
    case HEDDLE_EVENT_NODE_READY:
    case HEDDLE_EVENT_NODE_DELTA:
    case HEDDLE_EVENT_NODE_PARTIAL:
    case HEDDLE_EVENT_NODE_INTENT:
    case HEDDLE_EVENT_NODE_EFFECT:
    case HEDDLE_EVENT_NODE_PROGRESS:
    case HEDDLE_EVENT_RUN_ASKED:
    case HEDDLE_EVENT_RUN_ANSWERED:
    case HEDDLE_EVENT_RUN_PAUSED:
    case HEDDLE_EVENT_RUN_UNPAUSED:
    case HEDDLE_EVENT_RUN_CONTINUED:
    case HEDDLE_EVENT_RUN_FINISHED:
    default:
      return FALSE;
    }
}

static void
bind_known (sqlite3_stmt *stmt,
            int index,
            gint64 value)
{
  if (value >= 0)
    sqlite3_bind_int64 (stmt, index, value);
}

gboolean
heddle_store_write_span (HeddleDatabase *database,
                         gint64 run,
                         HeddleEvent *event,
                         GError **error)
{
  SpanChange change;
  sqlite3_stmt *stmt;

  if (!read_change (event, &change))
    return TRUE;
  stmt = heddle_database_prepare (
    database,
    "INSERT INTO spans (run, node, span, parent, kind, name, state, attempt, start, end, input_tokens, output_tokens, cost, scope) "
    "VALUES (?1, ifnull (?2, ''), ?3, ?4, ifnull (?5, 'node'), ifnull (?6, ifnull (?2, '')), ifnull (?7, 'running'), ?8, ?9, ?10, ?11, ?12, ?13, ifnull (?14, '')) "
    "ON CONFLICT (run, scope, node, span) DO UPDATE SET kind = ifnull (?5, kind), name = ifnull (?6, name), state = ifnull (?7, state), "
    "attempt = max (attempt, ?8), start = ifnull (start, ?9), end = ifnull (?10, end), "
    "input_tokens = ifnull (?11, input_tokens), output_tokens = ifnull (?12, output_tokens), cost = ifnull (?13, cost)",
    error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, run);
  sqlite3_bind_text (stmt, 2, event->node, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 3, (gint64) event->span);
  sqlite3_bind_int64 (stmt, 4, (gint64) event->parent);
  sqlite3_bind_text (stmt, 5, change.kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 6, change.name, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 7, change.state, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (stmt, 8, event->attempt);
  bind_known (stmt, 9, change.start);
  bind_known (stmt, 10, change.end);
  bind_known (stmt, 11, change.input_tokens);
  bind_known (stmt, 12, change.output_tokens);
  bind_known (stmt, 13, change.cost);
  sqlite3_bind_text (stmt, 14, event->scope, -1, SQLITE_STATIC);
  return heddle_database_run (database, stmt, error);
}
