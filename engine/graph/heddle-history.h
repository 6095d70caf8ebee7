/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-edit.h"

G_BEGIN_DECLS

/* The steps of undo and redo as data. HeddleDocument keeps one and says what is done with it; nothing here emits. */
#define HEDDLE_MAX_UNDO_STEPS 1000

typedef struct
{
  char *label;
  GPtrArray *edits; /* HeddleEdit* */
  gint64 time;      /* µs since the epoch; 0: not known */
  gboolean is_typing;
} HeddleUndoStep;

typedef struct
{
  GQueue done;   /* HeddleUndoStep*, the latest at the tail */
  GQueue undone; /* same; the one to redo next at the tail */
} HeddleHistory;

HeddleUndoStep *heddle_undo_step_new (const char *label) G_GNUC_WARN_UNUSED_RESULT;
void heddle_undo_step_free (HeddleUndoStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleUndoStep, heddle_undo_step_free)
/* As a journal entry of this operation. */
JsonNode *heddle_undo_step_to_json (const HeddleUndoStep *step, const char *operation, gboolean joins) G_GNUC_WARN_UNUSED_RESULT;
HeddleUndoStep *heddle_undo_step_new_from_json (JsonNode *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of it or nothing. */
gboolean heddle_undo_step_apply (const HeddleUndoStep *step, HeddleGraph *graph, gboolean backward, GError **error);
/* Whether a later step goes on with the same texts. */
gboolean heddle_undo_step_can_join (const HeddleUndoStep *step, const HeddleUndoStep *later);
/* Takes up a later one; FALSE when nothing is left of both. */
gboolean heddle_undo_step_join (HeddleUndoStep *step, const HeddleUndoStep *later);

void heddle_history_init (HeddleHistory *self);
void heddle_history_clear (HeddleHistory *self);
void heddle_history_clear_steps (GQueue *steps);
const char *heddle_history_get_label (const GQueue *steps); /* of the latest; NULL: there is none */
/* Takes a step that is in the graph now; what was undone goes. joins: it goes on with the last one. */
void heddle_history_add (HeddleHistory *self, HeddleUndoStep *step, gboolean joins);

/* The error of an entry that cannot be read. */
gboolean heddle_history_fail (GError **error);

G_END_DECLS
