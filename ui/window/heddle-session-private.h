/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window/heddle-session.h"

G_BEGIN_DECLS

/* What heddle-session.c (the document) and heddle-session-runs.c (its runs) share. */
struct _HeddleSession
{
  GObject parent_instance;

  const HeddleServices *services;
  HeddleStore *store; /* of these; it stays until what was saved last has come back */
  HeddleDocument *document;
  GPtrArray *problems;

  HeddleRun *run;            /* under way, or NULL */
  HeddleTrace *live;         /* of it, whatever is looked at */
  GCancellable *starting;    /* of a run that begins with a stored one, while it is made */
  HeddleTrace *trace;        /* that is looked at */
  HeddlePastRuns *past_runs; /* made when asked for first */
  GHashTable *tried;         /* ids of waiting runs that were resumed without being asked for */
  char *pause_reason;
  GHashTable *breakpoints; /* ids of nodes, owned */
  JsonNode *questions;     /* that were told of last */
  JsonNode *last_input;

  guint save_source;
  guint check_source;
  gboolean stored; /* the store has a row for it */
  gboolean saved;
  gboolean save_failed; /* and has been told of */
  gboolean left;        /* nobody edits it any more */
  guint n_saves;        /* on their way to the store */
  gboolean running;
};

void _heddle_session_set_running (HeddleSession *self, gboolean running);
void _heddle_session_set_trace (HeddleSession *self, HeddleTrace *trace);
/* NULL: it goes on. */
void _heddle_session_set_pause_reason (HeddleSession *self, const char *reason);
void _heddle_session_emit_run_ended (HeddleSession *self);
void _heddle_session_emit_questions_changed (HeddleSession *self);
void _heddle_session_emit_breakpoints_changed (HeddleSession *self);
void _heddle_session_load_breakpoints (HeddleSession *self);
/* After a change of the document; edits: of the HeddleChange. */
void _heddle_session_move_breakpoints (HeddleSession *self, JsonNode *edits);
/* Other programs may have the workflow. */
void _heddle_session_stop_editing (HeddleSession *self);
/* In dispose. */
void _heddle_session_clear_runs (HeddleSession *self);

G_END_DECLS
