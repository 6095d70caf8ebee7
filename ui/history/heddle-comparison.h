/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/* Two texts of workflows, read and compared on a thread. */
typedef struct
{
  HeddleGraph *before;
  HeddleGraph *after;
  GPtrArray *differences; /* HeddleDifference* */
} HeddleComparison;
void heddle_comparison_free (HeddleComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleComparison, heddle_comparison_free)

void heddle_comparison_new_async (const char *before, const char *after, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleComparison *heddle_comparison_new_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be marked on the picture before or after: id → GINT_TO_POINTER (HeddleDifferenceKind). */
GHashTable *heddle_comparison_list_marks (const HeddleComparison *self, gboolean after) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
