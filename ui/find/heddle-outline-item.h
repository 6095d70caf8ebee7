/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_OUTLINE_NODE,
  HEDDLE_OUTLINE_NOTE,
  HEDDLE_OUTLINE_GROUP,
  HEDDLE_OUTLINE_CONNECTION,
} HeddleOutlineKind;

/*
 * One row of the outline: what it stands for, and the rows below it. It holds ids only, so it outlives edits; what is
 * shown is asked of the graph. Signal "changed": what the row shows is to be asked anew.
 */
#define HEDDLE_TYPE_OUTLINE_ITEM (heddle_outline_item_get_type ())
G_DECLARE_FINAL_TYPE (HeddleOutlineItem, heddle_outline_item, HEDDLE, OUTLINE_ITEM, GObject)

HeddleOutlineItem *heddle_outline_item_new (HeddleOutlineKind kind, const char *id) G_GNUC_WARN_UNUSED_RESULT;
HeddleOutlineItem *heddle_outline_item_new_connection (const HeddleEdge *edge) G_GNUC_WARN_UNUSED_RESULT;

HeddleOutlineKind heddle_outline_item_get_kind (HeddleOutlineItem *self);
/* Of the node or annotation; of a connection: of the node that it comes from. */
const char *heddle_outline_item_get_id (HeddleOutlineItem *self);
/* Of a connection; else NULL. */
const char *heddle_outline_item_get_from_port (HeddleOutlineItem *self);
const char *heddle_outline_item_get_to (HeddleOutlineItem *self);
const char *heddle_outline_item_get_to_port (HeddleOutlineItem *self);

/* Of HeddleOutlineItem, or NULL when nothing is below it. Borrowed. */
GListStore *heddle_outline_item_get_children (HeddleOutlineItem *self);
/* Makes or drops the list; TRUE when it did, and whether there is an expander changes with that. */
gboolean heddle_outline_item_set_has_children (HeddleOutlineItem *self, gboolean has_children);
/* As it was left last. */
gboolean heddle_outline_item_is_expanded (HeddleOutlineItem *self);
void heddle_outline_item_set_expanded (HeddleOutlineItem *self, gboolean expanded);

void heddle_outline_item_emit_changed (HeddleOutlineItem *self);

G_END_DECLS
