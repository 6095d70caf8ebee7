/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"
#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

#define HEDDLE_SERVER_DEFAULT_PORT 8611

/*
 * Serves the active workflows over HTTP on a thread of its own, and runs their schedules. This machine alone may
 * ask, unless an address is opened. Signals are emitted in the context in which the server was made:
 *
 * "changed": the state, the address, the token or the served workflows are others.
 * "request" (HeddleServerRequest *): an answer was sent, or a schedule began a run.
 */
#define HEDDLE_TYPE_SERVER (heddle_server_get_type ())
G_DECLARE_FINAL_TYPE (HeddleServer, heddle_server, HEDDLE, SERVER, GObject)

typedef enum
{
  HEDDLE_SERVER_STOPPED,
  HEDDLE_SERVER_STARTING,
  HEDDLE_SERVER_RUNNING,
  HEDDLE_SERVER_ELSEWHERE, /* another process serves this database; when it ends, this one takes over */
  HEDDLE_SERVER_FAILED,
} HeddleServerState;

/* What the server is made of; objects are referenced, texts copied. Zero means the usual. */
typedef struct
{
  HeddleEngine *engine;
  HeddleStore *store;            /* NULL: only plans are served, nothing is remembered */
  HeddleSecrets *secrets;        /* or NULL: signatures cannot be checked */
  GPtrArray *plans;              /* of HeddlePlan: served besides what is active; or NULL */
  const char *program;           /* what others are told, such as "heddle serve" */
  int port;                      /* 0: any free one; -1: as set, or HEDDLE_SERVER_DEFAULT_PORT */
  const char *address;           /* to listen on for other machines; NULL: as set, or this machine alone */
  const char *token;             /* NULL: one that is kept in a file beside the database */
  guint max_parallel;            /* runs at once; 0: 64 */
  guint max_waiting;             /* that wait for their turn; 0: 256 */
  gsize max_body;                /* bytes; 0: 10 MiB */
  guint timeout_ms;              /* in which head and body of a request must come; 0: 15 s */
  guint requests_per_second;     /* of one client, after ten times as many; 0: 200 */
  gint64 (*now) (gpointer data); /* seconds since the epoch; NULL: the clock */
  gpointer now_data;
} HeddleServerOptions;

HeddleServer *heddle_server_new (const HeddleServerOptions *options) G_GNUC_WARN_UNUSED_RESULT;
/* Begins to serve; "changed" tells how it went. Nothing when it has begun. */
void heddle_server_start (HeddleServer *self);
/* Ends connections and waits for the thread; runs go on. Also done when the last reference goes. */
void heddle_server_stop (HeddleServer *self);
/* What was activated or saved is served at once instead of within a second. */
void heddle_server_refresh (HeddleServer *self);
/* Makes a new token; the old one is refused from then on. "changed" follows. */
void heddle_server_regenerate_token (HeddleServer *self);

HeddleServerState heddle_server_get_state (HeddleServer *self);
/* "http://127.0.0.1:8611"; NULL unless it runs here or elsewhere. Borrowed until "changed", as the next two. */
const char *heddle_server_get_url (HeddleServer *self);
/* What went wrong, or who serves instead: a translated sentence, or NULL. */
const char *heddle_server_get_message (HeddleServer *self);
/* For people only: never to be logged. NULL unless it runs here. */
const char *heddle_server_get_token (HeddleServer *self);
/* Why the version of a workflow that was saved last is not served; NULL: it is, or the workflow is not. Borrowed. */
const char *heddle_server_get_problem (HeddleServer *self, const char *workflow);

/* One line of the log. */
typedef struct
{
  gint64 time;     /* µs since the epoch */
  gint64 duration; /* µs */
  char *method;    /* "SCHEDULE" for a time that came */
  char *path;      /* without the query */
  char *client;
  guint status;
  char *workflow; /* id, or NULL */
  char *run;      /* id, or NULL */
} HeddleServerRequest;

#define HEDDLE_TYPE_SERVER_REQUEST (heddle_server_request_get_type ())
GType heddle_server_request_get_type (void);
HeddleServerRequest *heddle_server_request_copy (const HeddleServerRequest *request) G_GNUC_WARN_UNUSED_RESULT;
void heddle_server_request_free (HeddleServerRequest *request);

/* Settings that outlive the program: the port, and the address that is opened to others (NULL: none). */
typedef struct
{
  int port;
  char *address;
} HeddleServerSettings;
void heddle_server_load_settings (HeddleStore *store, HeddleServerSettings *settings);
gboolean heddle_server_save_settings (HeddleStore *store, const HeddleServerSettings *settings, GError **error);
void heddle_server_settings_clear (HeddleServerSettings *settings);

/*
 * Sets the workflow (id or name) active. FALSE with an error that says why not: it has errors (problems, HeddleProblem*,
 * may be NULL, has all of them), it begins with nothing that can be served, or another active one has its webhook.
 */
gboolean heddle_activate (HeddleStore *store, const char *workflow, GPtrArray *problems, GError **error);
gboolean heddle_deactivate (HeddleStore *store, const char *workflow, GError **error);
gboolean heddle_is_active (HeddleStore *store, const char *workflow);

/* "support-triage" for “Support triage”: how a workflow is called in URLs. */
char *heddle_make_slug (const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeddleServerSettings, heddle_server_settings_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleServerRequest, heddle_server_request_free)

G_END_DECLS
