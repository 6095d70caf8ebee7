/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * When something happens again and again: five fields (minute, hour, day of the month, month, day of the week) with
 * lists, ranges, steps and names, or one of @hourly, @daily, @weekly, @monthly, @yearly. Of day of the month and day of
 * the week either is enough when both are restricted. Immutable; any thread.
 *
 * When clocks change: a time of day that is skipped happens at the moment of the change, one that comes
 * twice happens the first time; what happens every hour (“*” or “* / n” there) goes on through both.
 */
typedef struct _HeddleCron HeddleCron;

#define HEDDLE_CRON_NEVER G_MAXINT64

/* HEDDLE_ERROR_INVALID that names the field. */
HeddleCron *heddle_cron_new (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_cron_free (HeddleCron *self);

/* The first time after that moment, both in seconds since the epoch; HEDDLE_CRON_NEVER when there is none (30 February). */
gint64 heddle_cron_next (HeddleCron *self, GTimeZone *zone, gint64 after);
/* “Every weekday at 09:00”, translated; the fields themselves where words would be longer. */
char *heddle_cron_describe (HeddleCron *self) G_GNUC_WARN_UNUSED_RESULT;

/* The zone of an IANA name; NULL or "": the machine's own. NULL with HEDDLE_ERROR_INVALID for an unknown one. */
GTimeZone *heddle_cron_new_zone (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCron, heddle_cron_free)

G_END_DECLS
