/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-cron-private.h"

#include "heddle-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const weekday_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };

static const struct
{
  const char *title;
  guint min;
  guint max; /* as it may be written: 7 is Sunday too */
  const char *const *names;
} fields[] = {
  [HEDDLE_CRON_MINUTE] = { N_ ("minute"), 0, 59, NULL },
  [HEDDLE_CRON_HOUR] = { N_ ("hour"), 0, 23, NULL },
  [HEDDLE_CRON_DAY] = { N_ ("day of the month"), 1, 31, NULL },
  [HEDDLE_CRON_MONTH] = { N_ ("month"), 1, 12, month_names },
  [HEDDLE_CRON_WEEKDAY] = { N_ ("day of the week"), 0, 7, weekday_names },
};

static const struct
{
  const char *name;
  const char *fields;
} aliases[] = {
  { "@hourly", "0 * * * *" },
  { "@daily", "0 0 * * *" },
  { "@midnight", "0 0 * * *" },
  { "@weekly", "0 0 * * 0" },
  { "@monthly", "0 0 1 * *" },
  { "@yearly", "0 0 1 1 *" },
  { "@annually", "0 0 1 1 *" },
};

static gboolean
parse_name (HeddleCronField field, const char *text, guint *value)
{
  for (guint i = 0; fields[field].names != NULL && fields[field].names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (text, fields[field].names[i]) != 0)
        continue;
      *value = i + fields[field].min;
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_value (HeddleCronField field, const char *text, guint *value)
{
  guint64 number;

  if (parse_name (field, text, value))
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, fields[field].min, fields[field].max, &number, NULL))
    return FALSE;
  *value = (guint) number;
  return TRUE;
}

/* "*", "5", "mon-fri" */
static gboolean
parse_range (HeddleCronField field, const char *text, gboolean has_step, guint *from, guint *to)
{
  const char *dash = strchr (text, '-');
  g_autofree char *first = dash != NULL ? g_strndup (text, dash - text) : g_strdup (text);

  if (strcmp (text, "*") == 0)
    {
      *from = fields[field].min;
      *to = field == HEDDLE_CRON_WEEKDAY ? 6 : fields[field].max;
      return TRUE;
    }
  if (!parse_value (field, first, from))
    return FALSE;
  if (dash != NULL)
    return parse_value (field, dash + 1, to) && *from <= *to;
  *to = has_step ? fields[field].max : *from;
  return TRUE;
}

static gboolean
parse_part (HeddleCron *self, HeddleCronField field, const char *text)
{
  const char *slash = strchr (text, '/');
  g_autofree char *range = slash != NULL ? g_strndup (text, slash - text) : g_strdup (text);
  guint64 step = 1;
  guint from, to;

  if (slash != NULL && !g_ascii_string_to_unsigned (slash + 1, 10, 1, fields[field].max, &step, NULL))
    return FALSE;
  if (!parse_range (field, range, slash != NULL, &from, &to))
    return FALSE;
  for (guint value = from; value <= to; value += (guint) step)
    self->sets[field] |= G_GUINT64_CONSTANT (1) << (field == HEDDLE_CRON_WEEKDAY ? value % 7 : value);
  return TRUE;
}

static gboolean
parse_field (HeddleCron *self, HeddleCronField field, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  self->stars[field] = *text == '*';
  if (self->stars[field] && parts[1] == NULL)
    self->steps[field] = text[1] == '/' ? (guint) g_ascii_strtoull (text + 2, NULL, 10) : 1;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (parse_part (self, field, parts[i]))
        continue;
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("“%.40s” cannot be the %s of a schedule. Write *, a number from %u to %u, a range such as 1-5, or */2."),
                   parts[i], _ (fields[field].title), fields[field].min, fields[field].max);
      return FALSE;
    }
  return TRUE;
}

static const char *
resolve_alias (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    {
      if (g_ascii_strcasecmp (aliases[i].name, text) == 0)
        return aliases[i].fields;
    }
  return text;
}

HeddleCron *
heddle_cron_new (const char *text, GError **error)
{
  g_autoptr (HeddleCron) self = g_new0 (HeddleCron, 1);
  g_autofree char *trimmed = NULL;
  g_auto (GStrv) words = NULL;
  guint n_words = 0;

  g_return_val_if_fail (text != NULL, NULL);

  self->text = g_strstrip (g_strdup (text));
  trimmed = g_strdup (resolve_alias (self->text));
  words = g_strsplit_set (trimmed, " \t", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] == '\0')
        continue;
      if (n_words < HEDDLE_CRON_N_FIELDS && !parse_field (self, n_words, words[i], error))
        return NULL;
      n_words++;
    }
  if (n_words == HEDDLE_CRON_N_FIELDS)
    return g_steal_pointer (&self);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("A schedule has five fields: minute, hour, day of the month, month and day of the week, such as “0 9 * * 1-5”; “%.40s” has %u."),
               self->text, n_words);
  return NULL;
}

void
heddle_cron_free (HeddleCron *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

GTimeZone *
heddle_cron_new_zone (const char *name, GError **error)
{
  GTimeZone *zone;

  if (name == NULL || *name == '\0')
    return g_time_zone_new_local ();
  zone = g_time_zone_new_identifier (name);
  if (zone == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                 _ ("There is no time zone “%.60s”. Write a name such as Europe/Berlin or UTC, or leave it empty for that of this computer."),
                 name);
  return zone;
}
