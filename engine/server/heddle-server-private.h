/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "server/heddle-catalog.h"
#include "server/heddle-guard.h"
#include "server/heddle-server.h"
#include "server/heddle-timetable.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Not among those of libsoup (RFC 6585). */
#define HEDDLE_STATUS_TOO_MANY_REQUESTS 429

typedef struct _HeddleServerCore HeddleServerCore;
typedef struct _HeddleConnection HeddleConnection;
typedef struct _HeddleExchange HeddleExchange;
typedef struct _HeddleServedRun HeddleServedRun;

/* What the thread of the server works with. All of it belongs to that thread. */
struct _HeddleServerCore
{
  HeddleServerOptions options; /* texts are owned, zeros are filled in */
  GMainContext *context;
  GMainLoop *loop;
  HeddleServerState state;
  int port;                /* as it is now */
  char *address;           /* the same */
  SoupServer *soup;        /* NULL unless it runs */
  GSocketService *service; /* where connections arrive */
  GHashTable *connections; /* GSocketAddress of the client → HeddleConnection, owned */
  char *url;
  char *token;
  HeddleCatalog *catalog;
  HeddleGuard *guard;
  HeddleTimetable *timetable;
  GHashTable *runs; /* id → HeddleServedRun: under way, waiting, or ended a short while ago */
  GQueue ended;     /* of those, the oldest first; borrowed */
  GQueue waiting;   /* borrowed */
  guint n_running;
  GHashTable *replayed; /* signature → time (gint64 *): signed requests that have come */
  GSource *tick;

  gpointer owner; /* weak: passed to these two, which may be called on the thread only */
  void (*changed) (HeddleServerCore *self, HeddleServerState state, const char *message);
  void (*log) (HeddleServerCore *self, const HeddleServerRequest *request);
};

HeddleServerCore *heddle_server_core_new (const HeddleServerOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void heddle_server_core_free (HeddleServerCore *self);
/* On the thread: serves until the loop is quit. */
void heddle_server_core_run (HeddleServerCore *self);
void heddle_server_core_refresh (HeddleServerCore *self);

/* heddle-server-listen.c: opens the ports; NULL with error. */
gboolean heddle_server_core_listen (HeddleServerCore *self, GError **error);
void heddle_server_core_unlisten (HeddleServerCore *self);

/* heddle-server-token.c */
char *heddle_server_token_load (HeddleStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_server_token_regenerate (HeddleStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * heddle-server-connection.c: one connection, which has one request. The deadline is for what the client sends;
 * past it the connection is cut off.
 */
void heddle_connection_accept (HeddleServerCore *core, GSocketConnection *stream);
HeddleConnection *heddle_connection_find (HeddleServerCore *core, SoupServerMessage *message);
void heddle_connection_set_message (HeddleConnection *self, SoupServerMessage *message);
void heddle_connection_set_deadline (HeddleConnection *self, guint timeout_ms); /* 0: none */
/* Stops the run when the client hangs up before its message has an answer. */
void heddle_connection_await (HeddleConnection *self, HeddleServedRun *run);
/* Answers while the client may still be sending, and closes. */
void heddle_connection_refuse (HeddleConnection *self, guint status, const char *code, const char *text);
/* Cuts it off. */
void heddle_connection_close (HeddleConnection *self);

/* heddle-server-exchange.c: a request and its answer. Lives as long as the message. */
struct _HeddleExchange
{
  HeddleServerCore *core;
  SoupServerMessage *message; /* borrowed */
  char *client;
  char *method;
  char *path;
  char *workflow;
  char *run;
  gint64 time;
  gint64 started;
  gboolean is_paused;
  gboolean is_done; /* the client is gone or has its answer */
  guint n_refs;
};

HeddleExchange *heddle_exchange_new (HeddleServerCore *core, SoupServerMessage *message);
HeddleExchange *heddle_exchange_get (SoupServerMessage *message);
HeddleExchange *heddle_exchange_ref (HeddleExchange *self);
void heddle_exchange_unref (HeddleExchange *self);
/* The answer comes later. */
void heddle_exchange_pause (HeddleExchange *self);
const char *heddle_exchange_get_header (HeddleExchange *self, const char *name);
void heddle_exchange_set_header (HeddleExchange *self, const char *name, const char *value);
/* Answers; consumes body. Nothing when the client is gone. */
void heddle_exchange_reply (HeddleExchange *self, guint status, JsonNode *body);
void heddle_exchange_reply_text (HeddleExchange *self, guint status, const char *type, const char *text);
/* {"error":{"code","message"}}. pointer: of what is wrong in the body, or NULL. */
void heddle_exchange_fail (HeddleExchange *self, guint status, const char *code, const char *message);
void heddle_exchange_fail_at (HeddleExchange *self, guint status, const char *code, const char *message, const char *pointer);
void heddle_exchange_fail_later (HeddleExchange *self, guint status, const char *code, const char *message, guint retry_after);
JsonNode *heddle_error_body (const char *code, const char *message, const char *pointer) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-server-routes.c: called when the head of a request is there, and when all of it is. */
void heddle_server_core_got_head (HeddleServerCore *self, SoupServerMessage *message);
void heddle_server_core_got_request (HeddleServerCore *self, SoupServerMessage *message);
/* The parts of a path, each decoded; NULL when it cannot be. */
char **heddle_split_path (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-server-runs.c */
typedef void (*HeddleServedRunFunc) (HeddleServedRun *run, gpointer data);

struct _HeddleServedRun
{
  HeddleServerCore *core;
  char *id;
  HeddleServed *workflow;
  char *start; /* the start that fires, or NULL */
  JsonNode *input;
  JsonNode *trigger;
  HeddleAsking asking;
  HeddleRun *run; /* NULL: it waits for its turn, or was stopped before */
  guint subscription;
  gboolean ended;
  JsonNode *result; /* as it is told, once it has ended */
  GArray *watchers;
  guint n_refs;
};

/* What to start; the strings are copied, the nodes referenced. id NULL: a new one. */
typedef struct
{
  HeddleServed *workflow;
  const char *id;
  const char *start;
  JsonNode *input;
  JsonNode *trigger;
  HeddleAsking asking;
} HeddleServedStart;

/* Starts it or lets it wait; NULL: too many wait. Borrowed, or take a reference. */
HeddleServedRun *heddle_served_run_start (HeddleServerCore *core, const HeddleServedStart *start);
HeddleServedRun *heddle_served_run_ref (HeddleServedRun *self);
void heddle_served_run_unref (HeddleServedRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleServedRun, heddle_served_run_unref)
void heddle_served_run_cancel (HeddleServedRun *self);
/* func is called once it has begun (is_end FALSE) or ended, at once when it has; then data is destroyed. */
void heddle_served_run_watch (HeddleServedRun *self, gboolean is_end, HeddleServedRunFunc func, gpointer data, GDestroyNotify destroy);
/* {"id","workflow","name","state","started","duration_ms","output","error","usage","trigger"} as far as known, with "questions" as long as some are open. */
JsonNode *heddle_served_run_to_json (HeddleServedRun *self) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a run in the store. */
JsonNode *heddle_stored_run_to_json (const char *id, const char *workflow, const char *name, const char *state, gint64 started, gint64 duration, GPtrArray *events) G_GNUC_WARN_UNUSED_RESULT;
/* The HTTP status for how it ended. */
guint heddle_run_result_get_status (JsonNode *result);
/* At the end of the server: nobody is told any more; runs go on. */
void heddle_served_runs_forget (HeddleServerCore *core);

/* heddle-server-run-routes.c */
void heddle_serve_run_workflow (HeddleExchange *exchange, const char *name);
void heddle_serve_run (HeddleExchange *exchange, const char *id);
void heddle_serve_cancel (HeddleExchange *exchange, const char *id);
/* {"question":id,"answer":value}, or "declined":true in place of the answer. */
void heddle_serve_answer (HeddleExchange *exchange, const char *id);
/* Answers with the result of the run when it has ended. */
void heddle_serve_wait (HeddleExchange *exchange, HeddleServedRun *run, gboolean is_hook);
void heddle_serve_accepted (HeddleExchange *exchange, HeddleServedRun *run);

/* heddle-server-hooks.c */
void heddle_serve_hook (HeddleExchange *exchange, const HeddleHook *hook);

/* heddle-server-events.c */
void heddle_serve_events (HeddleExchange *exchange, const char *id);

/* heddle-server-documents.c */
JsonNode *heddle_server_core_list_workflows (HeddleServerCore *self) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_server_core_make_openapi (HeddleServerCore *self) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-server-clock.c */
void heddle_server_core_set_timetable (HeddleServerCore *self);
/* Starts what is due; called every second. */
void heddle_server_core_run_due (HeddleServerCore *self);

G_END_DECLS
