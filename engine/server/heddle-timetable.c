/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-timetable.h"

struct _HeddleTimetable
{
  GPtrArray *entries; /* of HeddleTimetableEntry */
};

static void
entry_free (gpointer data)
{
  HeddleTimetableEntry *entry = data;

  g_free (entry->workflow);
  g_free (entry->node);
  heddle_cron_free (entry->cron);
  g_time_zone_unref (entry->zone);
  g_free (entry);
}

HeddleTimetable *
heddle_timetable_new (void)
{
  HeddleTimetable *self = g_new0 (HeddleTimetable, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

void
heddle_timetable_free (HeddleTimetable *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->entries);
  g_free (self);
}

void
heddle_timetable_clear (HeddleTimetable *self)
{
  g_ptr_array_set_size (self->entries, 0);
}

void
heddle_timetable_add (HeddleTimetable *self, const HeddleTimetableEntry *entry)
{
  HeddleTimetableEntry *copy = g_memdup2 (entry, sizeof *entry);

  copy->workflow = g_strdup (entry->workflow);
  copy->node = g_strdup (entry->node);
  g_ptr_array_add (self->entries, copy);
}

static void
list_since (const HeddleTimetableEntry *entry, gint64 since, gint64 now, GArray *times)
{
  g_array_set_size (times, 0);
  for (gint64 time = heddle_cron_next (entry->cron, entry->zone, since); time <= now;
       time = heddle_cron_next (entry->cron, entry->zone, time))
    g_array_append_val (times, time);
}

/* The newest times between the mark and now, oldest first. After years of sleep not every minute of them is counted. */
static GArray *
list_times (const HeddleTimetableEntry *entry, gint64 now)
{
  const gint64 windows[] = { 86400, 32 * 86400, now - entry->mark };
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < G_N_ELEMENTS (windows) && times->len < HEDDLE_MAX_MISSED; i++)
    {
      list_since (entry, MAX (entry->mark, now - windows[i]), now, times);
      if (now - windows[i] <= entry->mark)
        break;
    }
  if (times->len > HEDDLE_MAX_MISSED)
    g_array_remove_range (times, 0, times->len - HEDDLE_MAX_MISSED);
  return times;
}

static void
take_entry (HeddleTimetableEntry *entry, gint64 now, GArray *due)
{
  g_autoptr (GArray) times = list_times (entry, now);

  for (guint i = 0; i < times->len; i++)
    {
      HeddleDue item = { entry, g_array_index (times, gint64, i), FALSE };
      gboolean is_last = i + 1 == times->len;

      item.missed = now - item.time > HEDDLE_GRACE;
      /* What is just on time runs in any case, and makes up for those that were missed when one run is enough. */
      if (!item.missed || entry->missed == HEDDLE_MISSED_ALL || (entry->missed == HEDDLE_MISSED_ONCE && is_last))
        g_array_append_val (due, item);
    }
  entry->mark = MAX (entry->mark, now);
}

GArray *
heddle_timetable_take_due (HeddleTimetable *self, gint64 now)
{
  GArray *due = g_array_new (FALSE, FALSE, sizeof (HeddleDue));

  for (guint i = 0; i < self->entries->len; i++)
    take_entry (g_ptr_array_index (self->entries, i), now, due);
  return due;
}

gint64
heddle_timetable_get_next (HeddleTimetable *self)
{
  gint64 next = HEDDLE_CRON_NEVER;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const HeddleTimetableEntry *entry = g_ptr_array_index (self->entries, i);

      next = MIN (next, heddle_cron_next (entry->cron, entry->zone, entry->mark));
    }
  return next;
}
