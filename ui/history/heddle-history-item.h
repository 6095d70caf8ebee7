/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_HISTORY_DONE,
  HEDDLE_HISTORY_CURRENT, /* the latest that is done */
  HEDDLE_HISTORY_UNDONE,
} HeddleHistoryState;

/* A row of the history: a step, or a version. Property "state", and "group": the heading above it, or NULL. UI thread. */
#define HEDDLE_TYPE_HISTORY_ITEM (heddle_history_item_get_type ())
G_DECLARE_FINAL_TYPE (HeddleHistoryItem, heddle_history_item, HEDDLE, HISTORY_ITEM, GObject)

/* id: the number of steps that are done when this is the current one, or the version's. time: µs since the epoch, 0 when it is not known. */
HeddleHistoryItem *heddle_history_item_new (gint64 id, const char *title, const char *subtitle, gint64 time) G_GNUC_WARN_UNUSED_RESULT;
gint64 heddle_history_item_get_id (HeddleHistoryItem *self);
const char *heddle_history_item_get_title (HeddleHistoryItem *self);
const char *heddle_history_item_get_subtitle (HeddleHistoryItem *self); /* or NULL */
gint64 heddle_history_item_get_time (HeddleHistoryItem *self);
HeddleHistoryState heddle_history_item_get_state (HeddleHistoryItem *self);
void heddle_history_item_set_state (HeddleHistoryItem *self, HeddleHistoryState state);
const char *heddle_history_item_get_group (HeddleHistoryItem *self);
void heddle_history_item_set_group (HeddleHistoryItem *self, const char *group);
gboolean heddle_history_item_equal (HeddleHistoryItem *self, HeddleHistoryItem *other);

/* Gives each item that begins a day its heading: "Today", "Yesterday", a date. */
void heddle_history_items_group (GListModel *items);
/* "14:32", and with its day unless that is today's when with_day. Empty when the time is not known. */
char *heddle_history_format_time (gint64 time, gboolean with_day) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
