/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/* What a text of a parameter comes to with the values that are known: those of the run that is shown, pinned ones, examples. */
typedef struct
{
  char *text;    /* the value to look at, its beginning when it is long; NULL: there is none */
  char *kind;    /* "List, 3 elements"; NULL: same */
  char *note;    /* a sentence on where the values are from, or why nothing is shown; or NULL */
  char *error;   /* a sentence; or NULL */
  gboolean soft; /* the error is about the values, so it may be none in another run */
  guint line;    /* place of the error in the text, from 1, in characters; 0: it has none */
  guint column;
  guint length;         /* characters from there on that are wrong; at least 1 */
  gboolean has_nothing; /* the text is what it is: there is nothing to evaluate */
} HeddleEvaluation;

void heddle_evaluation_free (HeddleEvaluation *self);

/*
 * Reads the text at once, and evaluates it in a thread, within the limits that expressions have. JSON and code are only read. The
 * callback is in the main context.
 */
void heddle_evaluate_async (const HeddleParamContext *context, const char *text, HeddleTemplateViewMode mode, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleEvaluation *heddle_evaluate_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEvaluation, heddle_evaluation_free)

G_END_DECLS
