/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "value/heddle-cron.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_CRON_MINUTE,
  HEDDLE_CRON_HOUR,
  HEDDLE_CRON_DAY,
  HEDDLE_CRON_MONTH,
  HEDDLE_CRON_WEEKDAY, /* 0: Sunday */
  HEDDLE_CRON_N_FIELDS,
} HeddleCronField;

struct _HeddleCron
{
  char *text;
  guint64 sets[HEDDLE_CRON_N_FIELDS];   /* bit n: the value n */
  gboolean stars[HEDDLE_CRON_N_FIELDS]; /* begins with "*" */
  guint steps[HEDDLE_CRON_N_FIELDS];    /* of a star, else 0 */
};

static inline gboolean
heddle_cron_has (const HeddleCron *self, HeddleCronField field, guint value)
{
  return (self->sets[field] >> value & 1) != 0;
}

G_END_DECLS
