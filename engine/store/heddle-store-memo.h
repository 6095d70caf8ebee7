/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Which blob a value was written as, so that the same value, which a run meets again and again, is neither put into text nor
 * hashed again. A value is known by its address: it is sealed, and lives as long as it is here. A blob that a run has noted
 * stays as long as the run, so what is known of a run has to be forgotten where the run begins, ends, or is rolled back.
 */
typedef struct _HeddleStoreMemo HeddleStoreMemo;

HeddleStoreMemo *heddle_store_memo_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_memo_free (HeddleStoreMemo *self);

/* The id of the blob, if its text is longer than so many bytes; 0: not known. */
gint64 heddle_store_memo_find (HeddleStoreMemo *self, gint64 run, JsonNode *value, gsize longer_than);
/* length: of its text. A value that is not sealed is not kept. */
void heddle_store_memo_add (HeddleStoreMemo *self, gint64 run, JsonNode *value, gint64 blob, gsize length);
/* The same value is about to be written with its text, which is short. How many bytes it has taken in this way, this time included. */
gsize heddle_store_memo_count (HeddleStoreMemo *self, gint64 run, JsonNode *value, gsize length);

/* What a span that calls a model began and ended with: data of its events, and their numbers. */
typedef struct
{
  guint64 begin_seq;
  JsonNode *begin; /* owned */
  guint64 end_seq;
  JsonNode *end; /* owned; NULL: it has not ended */
} HeddleMemoCall;

/* An event of a span was written; only those of calls of models are kept, until they are taken. */
void heddle_store_memo_keep_call (HeddleStoreMemo *self, gint64 run, const HeddleEvent *event);
/* The call of this span, which is forgotten, or NULL when it has not ended or is not known. */
HeddleMemoCall *heddle_store_memo_take_call (HeddleStoreMemo *self, gint64 run, guint64 span) G_GNUC_WARN_UNUSED_RESULT;
void heddle_memo_call_free (HeddleMemoCall *call);

void heddle_store_memo_forget_run (HeddleStoreMemo *self, gint64 run);
void heddle_store_memo_forget_all (HeddleStoreMemo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleStoreMemo, heddle_store_memo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMemoCall, heddle_memo_call_free)

G_END_DECLS
