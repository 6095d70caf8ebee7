/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* Journal entries (see heddle-document.h) for who keeps them without a document. Any thread. */
typedef enum
{
  HEDDLE_ENTRY_EDIT,
  HEDDLE_ENTRY_JOIN, /* an edit that goes on with the typing of the one before */
  HEDDLE_ENTRY_UNDO,
  HEDDLE_ENTRY_REDO,
  HEDDLE_ENTRY_FORGET_DONE,
  HEDDLE_ENTRY_FORGET_UNDONE,
  HEDDLE_ENTRY_DAMAGED,
} HeddleEntryKind;

HeddleEntryKind heddle_history_entry_get_kind (JsonNode *entry);
/* Both edits as one; JSON null when nothing is left of them; NULL when the later one does not go on with the other. */
JsonNode *heddle_history_entry_join (JsonNode *entry, JsonNode *later) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
