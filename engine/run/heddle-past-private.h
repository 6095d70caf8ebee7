/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-past.h"

G_BEGIN_DECLS

/* One node in one scope. */
typedef struct
{
  HeddlePastNode node;
  char *scope;        /* "": in no container */
  const char *id;     /* interned; NULL: the run itself */
  gboolean begun;     /* or ended; not only effects are known, and it was not forgotten */
  gboolean running;   /* the last attempt has not ended */
  GArray *intents;    /* guint64, of effects that must not be repeated and may have happened: the span of the tool's call, 0: the node's own; or NULL */
  HeddleEvent *start; /* its last NODE_STARTED, or NULL */
  HeddleEvent *end;   /* its NODE_FINISHED or NODE_FAILED, or NULL */
  GPtrArray *effects; /* data of its NODE_EFFECTs, or NULL */
} HeddlePastEntry;

struct _HeddlePast
{
  char *run;
  JsonNode *input;
  JsonNode *trigger;
  guint64 last_seq;
  guint64 last_span;
  gint64 last_time;
  gint64 gone;
  gint64 stood;       /* see heddle_past_get_stood () */
  gint64 stood_since; /* -1: it goes on */
  guint n_steps;
  GHashTable *entries; /* "scope\nnode" → HeddlePastEntry */
  GPtrArray *inner;    /* of HeddlePastEntry*: what has finished in bodies, by scope; NULL before it is asked for */
};

/* Of a scope and node; made where there is none. */
HeddlePastEntry *heddle_past_ensure (HeddlePast *self, const char *scope, const char *node);
/* Nothing is known of the entry any more but its effects. */
void heddle_past_entry_forget (HeddlePastEntry *entry);

G_END_DECLS
