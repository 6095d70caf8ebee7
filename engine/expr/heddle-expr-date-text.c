/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "heddle-expr-date.h"

/* English whatever the locale is: a workflow writes the same text everywhere. */
static const char *const months[] = {
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December"
};
static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };

static gboolean
is_any (const char *p, gsize run, const char *token)
{
  return strlen (token) == run && memcmp (p, token, run) == 0;
}

static int
hour_of_twelve (GDateTime *date)
{
  int hour = g_date_time_get_hour (date) % 12;

  return hour == 0 ? 12 : hour;
}

static void
append_offset (GString *out, GDateTime *date, gboolean zulu)
{
  int minutes = (int) (g_date_time_get_utc_offset (date) / G_TIME_SPAN_MINUTE);

  if (zulu && minutes == 0)
    g_string_append_c (out, 'Z');
  else
    g_string_append_printf (out, "%c%02d:%02d", minutes < 0 ? '-' : '+', ABS (minutes) / 60, ABS (minutes) % 60);
}

/* A number in as many digits as the letter stands there, one or two. */
static gboolean
append_number (GString *out, gsize run, int number)
{
  if (run > 2)
    return FALSE;
  g_string_append_printf (out, run == 2 ? "%02d" : "%d", number);
  return TRUE;
}

static gboolean
append_name (GString *out, gsize run, const char *name)
{
  if (run != 3 && run != 4)
    return FALSE;
  g_string_append_len (out, name, run == 3 ? 3 : (gssize) strlen (name));
  return TRUE;
}

static gboolean
append_year (GString *out, gsize run, int year)
{
  if (run != 2 && run != 4)
    return FALSE;
  g_string_append_printf (out, run == 2 ? "%02d" : "%04d", run == 2 ? year % 100 : year);
  return TRUE;
}

static gboolean
append_letter (GString *out, GDateTime *date, const char *p, gsize run)
{
  switch (*p)
    {
    case 'y':
      return append_year (out, run, g_date_time_get_year (date));
    case 'M':
      if (run > 2)
        return append_name (out, run, months[g_date_time_get_month (date) - 1]);
      return append_number (out, run, g_date_time_get_month (date));
    case 'd':
      return append_number (out, run, g_date_time_get_day_of_month (date));
    case 'E':
      return append_name (out, run, days[g_date_time_get_day_of_week (date) - 1]);
    case 'H':
      return append_number (out, run, g_date_time_get_hour (date));
    case 'h':
      return append_number (out, run, hour_of_twelve (date));
    case 'm':
      return append_number (out, run, g_date_time_get_minute (date));
    case 's':
      return append_number (out, run, g_date_time_get_second (date));
    case 'w':
      return append_number (out, run, g_date_time_get_week_of_year (date));
    case 'Q':
      return append_number (out, run, (g_date_time_get_month (date) + 2) / 3);
    default:
      break;
    }

  if (is_any (p, run, "SSS"))
    g_string_append_printf (out, "%03d", g_date_time_get_microsecond (date) / 1000);
  else if (is_any (p, run, "a"))
    g_string_append (out, g_date_time_get_hour (date) < 12 ? "AM" : "PM");
  else if (is_any (p, run, "XXX") || is_any (p, run, "xxx"))
    append_offset (out, date, *p == 'X');
  else if (is_any (p, run, "z"))
    g_string_append (out, g_date_time_get_timezone_abbreviation (date));
  else
    return FALSE;
  return TRUE;
}

/* Text in single quotes; two of them are one. Returns what is behind. */
static const char *
append_quoted (GString *out, const char *p, const char *end)
{
  if (p + 1 < end && p[1] == '\'')
    {
      g_string_append_c (out, '\'');
      return p + 2;
    }
  for (p++; p < end; p++)
    {
      if (*p == '\'' && !(p + 1 < end && p[1] == '\''))
        return p + 1;
      g_string_append_c (out, *p);
      p += *p == '\'';
    }
  return end;
}

static const char *
expand_name (const char *format, gsize size)
{
  if (is_any (format, size, "iso"))
    return "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";
  if (is_any (format, size, "date"))
    return "yyyy-MM-dd";
  if (is_any (format, size, "time"))
    return "HH:mm:ss";
  return NULL;
}

char *
expr_date_format (GDateTime *date, const char *format, gsize size, char **unknown)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *named = expand_name (format, size);
  const char *p = named != NULL ? named : format, *end = p + (named != NULL ? strlen (named) : size);

  if (is_any (format, size, "unix"))
    return g_strdup_printf ("%" G_GINT64_FORMAT, g_date_time_to_unix (date));

  while (p < end)
    {
      gsize run = 1;

      if (*p == '\'')
        {
          p = append_quoted (out, p, end);
          continue;
        }
      if (!g_ascii_isalpha (*p))
        {
          g_string_append_c (out, *p++);
          continue;
        }
      while (p + run < end && p[run] == *p)
        run++;
      if (!append_letter (out, date, p, run))
        {
          *unknown = g_strndup (p, run);
          return NULL;
        }
      p += run;
    }
  return g_strdup (out->str);
}

typedef struct
{
  int year;
  int month;
  int day;
  int hour;
  int minute;
  double second;
  gboolean has_time;
  gboolean has_zone;
  int offset; /* minutes east */
} Parts;

/* Exactly so many digits. */
static gboolean
take_digits (const char **p, guint count, int *number)
{
  *number = 0;
  for (guint i = 0; i < count; i++)
    {
      if (!g_ascii_isdigit ((*p)[i]))
        return FALSE;
      *number = *number * 10 + ((*p)[i] - '0');
    }
  *p += count;
  return TRUE;
}

static gboolean
take_char (const char **p, char expected)
{
  if (**p != expected)
    return FALSE;
  (*p)++;
  return TRUE;
}

static gboolean
take_offset (const char **p, Parts *parts)
{
  int sign = **p == '-' ? -1 : 1, hours, minutes;

  parts->has_zone = TRUE;
  if (take_char (p, 'Z') || take_char (p, 'z'))
    return TRUE;
  if (!take_char (p, '+') && !take_char (p, '-'))
    return FALSE;
  if (!take_digits (p, 2, &hours))
    return FALSE;
  take_char (p, ':');
  if (!take_digits (p, 2, &minutes))
    return FALSE;
  parts->offset = sign * (hours * 60 + minutes);
  return TRUE;
}

static gboolean
take_clock (const char **p, Parts *parts)
{
  int second = 0, digit;
  double scale = 0.1;

  parts->has_time = TRUE;
  if (!take_digits (p, 2, &parts->hour) || !take_char (p, ':') || !take_digits (p, 2, &parts->minute))
    return FALSE;
  if (!take_char (p, ':'))
    return TRUE;
  if (!take_digits (p, 2, &second))
    return FALSE;
  parts->second = second;
  if (take_char (p, '.'))
    {
      for (; take_digits (p, 1, &digit); scale /= 10)
        parts->second += digit * scale;
    }
  return TRUE;
}

/* 2026-01-31, 2026-01, 2026, 2026-01-31T12:00, with seconds, fraction and zone; also with a space. */
static gboolean
parse_iso (const char *p, Parts *parts)
{
  *parts = (Parts){ .month = 1, .day = 1 };
  if (!take_digits (&p, 4, &parts->year))
    return FALSE;
  if (take_char (&p, '-') && (!take_digits (&p, 2, &parts->month) || (take_char (&p, '-') && !take_digits (&p, 2, &parts->day))))
    return FALSE;
  if (*p == '\0')
    return TRUE;
  if ((!take_char (&p, 'T') && !take_char (&p, 't') && !take_char (&p, ' ')) || !take_clock (&p, parts))
    return FALSE;
  if (*p == ' ')
    p++;
  return *p == '\0' || (take_offset (&p, parts) && *p == '\0');
}

static int
find_month (const char *word)
{
  for (guint i = 0; strlen (word) >= 3 && i < G_N_ELEMENTS (months); i++)
    {
      if (g_ascii_strncasecmp (word, months[i], strlen (word)) == 0)
        return (int) i + 1;
    }
  return 0;
}

static gboolean
is_day_name (const char *word)
{
  for (guint i = 0; strlen (word) >= 3 && i < G_N_ELEMENTS (days); i++)
    {
      if (g_ascii_strncasecmp (word, days[i], strlen (word)) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_number_word (const char *word, Parts *parts)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (word, 10, 0, 9999, &number, NULL))
    return FALSE;
  if (strlen (word) <= 2 && parts->day == 0)
    parts->day = (int) number;
  else
    parts->year = (int) number;
  return TRUE;
}

/* 2026/01/31 and, as ECMAScript engines read it, 01/31/2026. */
static gboolean
take_slashes (const char *word, Parts *parts)
{
  g_auto (GStrv) fields = g_strsplit (word, "/", 4);
  gboolean year_first = strlen (fields[0]) == 4;
  guint64 numbers[3];

  if (g_strv_length (fields) != 3)
    return FALSE;
  for (guint i = 0; i < 3; i++)
    {
      if (!g_ascii_string_to_unsigned (fields[i], 10, 1, 9999, &numbers[i], NULL))
        return FALSE;
    }
  parts->year = (int) numbers[year_first ? 0 : 2];
  parts->month = (int) numbers[year_first ? 1 : 0];
  parts->day = (int) numbers[year_first ? 2 : 1];
  return TRUE;
}

static gboolean
take_word (const char *word, Parts *parts)
{
  const char *p = word;

  if (word[0] == '\0' || is_day_name (word))
    return TRUE;
  if (strchr (word, '/') != NULL)
    return take_slashes (word, parts);
  if (g_ascii_isdigit (word[0]))
    return strchr (word, ':') != NULL ? take_clock (&p, parts) && *p == '\0' : take_number_word (word, parts);
  if (g_ascii_strcasecmp (word, "GMT") == 0 || g_ascii_strcasecmp (word, "UTC") == 0 || g_ascii_strcasecmp (word, "Z") == 0)
    {
      parts->has_zone = TRUE;
      return TRUE;
    }
  if (word[0] == '+' || word[0] == '-')
    return take_offset (&p, parts) && *p == '\0';
  if (find_month (word) == 0)
    return FALSE;
  parts->month = find_month (word);
  return TRUE;
}

/* "Sat, 31 Jan 2026 12:00:00 GMT" and "January 31, 2026". */
static gboolean
parse_words (const char *text, Parts *parts)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,", 12);

  *parts = (Parts){ .has_time = TRUE };
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!take_word (words[i], parts))
        return FALSE;
    }
  return parts->month > 0 && parts->year > 0 && parts->day > 0;
}

double
expr_date_parse (const char *bytes, gsize size)
{
  g_autofree char *text = g_strstrip (g_strndup (bytes, MIN (size, 128)));
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) date = NULL;
  Parts parts;
  gboolean midnight;
  double milliseconds;

  if (size > 128 || (!parse_iso (text, &parts) && !parse_words (text, &parts)))
    return NAN;
  /* Without a zone a date alone is UTC and a date with a time is local, as ECMAScript has it. */
  zone = parts.has_time && !parts.has_zone ? g_time_zone_new_local () : g_time_zone_new_offset (parts.offset * 60);
  midnight = parts.hour == 24 && parts.minute == 0 && parts.second == 0;
  date = g_date_time_new (zone, parts.year, parts.month, parts.day, midnight ? 0 : parts.hour, parts.minute, trunc (parts.second));
  if (date == NULL)
    return NAN;
  milliseconds = expr_date_to_milliseconds (date) + floor ((parts.second - trunc (parts.second)) * 1000 + 1e-6);
  return milliseconds + (midnight ? 86400000.0 : 0);
}
