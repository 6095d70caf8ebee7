/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "value/heddle-cron.h"

G_BEGIN_DECLS

/*
 * What is due when, for all schedules of active workflows. Without a clock or a timer of its own: it is told what
 * time it is. Times are seconds since the epoch.
 */
typedef enum
{
  HEDDLE_MISSED_SKIP,
  HEDDLE_MISSED_ONCE,
  HEDDLE_MISSED_ALL, /* the newest HEDDLE_MAX_MISSED */
} HeddleMissed;

#define HEDDLE_MAX_MISSED 100
/* A time that is seen to no later than this was not missed. */
#define HEDDLE_GRACE 90

typedef struct
{
  char *workflow;
  char *node;
  HeddleCron *cron;
  GTimeZone *zone;
  HeddleMissed missed;
  gboolean overlap; /* starts while the previous run is under way */
  gint64 mark;      /* all times up to this one are seen to */
} HeddleTimetableEntry;

typedef struct
{
  const HeddleTimetableEntry *entry; /* borrowed until the timetable is changed */
  gint64 time;                       /* for which it was planned */
  gboolean missed;
} HeddleDue;

typedef struct _HeddleTimetable HeddleTimetable;

HeddleTimetable *heddle_timetable_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_timetable_free (HeddleTimetable *self);
void heddle_timetable_clear (HeddleTimetable *self);
/* Consumes cron and zone; the strings are copied. */
void heddle_timetable_add (HeddleTimetable *self, const HeddleTimetableEntry *entry);
/* What is to be run now, of HeddleDue; the marks move on to now. A clock that was set back brings nothing twice. */
GArray *heddle_timetable_take_due (HeddleTimetable *self, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
/* When something is due next; HEDDLE_CRON_NEVER when nothing ever is. */
gint64 heddle_timetable_get_next (HeddleTimetable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleTimetable, heddle_timetable_free)

G_END_DECLS
