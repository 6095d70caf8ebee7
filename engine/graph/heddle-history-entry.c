/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-history-entry.h"

#include "graph/heddle-history.h"
#include "value/heddle-json.h"

HeddleEntryKind
heddle_history_entry_get_kind (JsonNode *entry)
{
  const char *operation = heddle_json_get_string (entry, "op", "");
  JsonArray *edits = heddle_json_get_array (entry, "edits");

  if (g_str_equal (operation, "forget"))
    return heddle_json_get_boolean (entry, "done", TRUE) ? HEDDLE_ENTRY_FORGET_DONE : HEDDLE_ENTRY_FORGET_UNDONE;
  if (edits == NULL || json_array_get_length (edits) == 0)
    return HEDDLE_ENTRY_DAMAGED;
  if (g_str_equal (operation, "edit"))
    return heddle_json_get_boolean (entry, "joins", FALSE) ? HEDDLE_ENTRY_JOIN : HEDDLE_ENTRY_EDIT;
  if (g_str_equal (operation, "undo"))
    return HEDDLE_ENTRY_UNDO;
  if (g_str_equal (operation, "redo"))
    return HEDDLE_ENTRY_REDO;
  return HEDDLE_ENTRY_DAMAGED;
}

JsonNode *
heddle_history_entry_join (JsonNode *entry, JsonNode *later)
{
  g_autoptr (HeddleUndoStep) step = heddle_undo_step_new_from_json (entry, NULL);
  g_autoptr (HeddleUndoStep) next = heddle_undo_step_new_from_json (later, NULL);

  if (step == NULL || next == NULL || !heddle_undo_step_can_join (step, next))
    return NULL;
  if (!heddle_undo_step_join (step, next))
    return json_node_new (JSON_NODE_NULL);
  return heddle_undo_step_to_json (step, "edit", FALSE);
}
