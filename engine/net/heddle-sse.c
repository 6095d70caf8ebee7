/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-sse.h"

#include <string.h>

/*
 * The line parser of the WHATWG standard for server-sent events, section 9.2.6. Bytes are gathered
 * until a line is whole, so that a character split over two reads is never decoded in halves.
 */
struct _HeddleSse
{
  HeddleSseFunc func;
  gpointer user_data;
  GString *line;
  GString *data;
  GString *event;
  GString *id;   /* of the event that is being read */
  char *last_id; /* or NULL */
  gint64 retry;
  gboolean has_data;   /* a data field was seen, even an empty one */
  gboolean skip_lf;    /* the last byte was CR: a following LF belongs to it */
  gboolean past_start; /* the first line is over, so no byte order mark any more */
};

HeddleSse *
heddle_sse_new (HeddleSseFunc func,
                gpointer user_data)
{
  HeddleSse *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (HeddleSse, 1);
  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->data = g_string_new (NULL);
  self->event = g_string_new (NULL);
  self->id = g_string_new (NULL);
  self->retry = -1;
  return self;
}

void
heddle_sse_free (HeddleSse *self)
{
  if (self == NULL)
    return;
  g_string_free (self->line, TRUE);
  g_string_free (self->data, TRUE);
  g_string_free (self->event, TRUE);
  g_string_free (self->id, TRUE);
  g_free (self->last_id);
  g_free (self);
}

static void
dispatch_event (HeddleSse *self)
{
  if (self->id->len > 0 && g_strcmp0 (self->last_id, self->id->str) != 0)
    {
      g_free (self->last_id);
      self->last_id = g_strdup (self->id->str);
    }
  if (self->has_data)
    {
      g_autofree char *event = g_utf8_make_valid (self->event->str, self->event->len);
      g_autofree char *data = g_utf8_make_valid (self->data->str, self->data->len);

      self->func (event, data, self->user_data);
    }
  g_string_truncate (self->data, 0);
  g_string_truncate (self->event, 0);
  self->has_data = FALSE;
}

/* What is no text cannot go back in a header, so it is none. */
static void
take_id (HeddleSse *self,
         const char *value,
         gsize length)
{
  if (!g_utf8_validate_len (value, length, NULL))
    return;
  g_string_truncate (self->id, 0);
  g_string_append_len (self->id, value, length);
}

static void
take_retry (HeddleSse *self,
            const char *value,
            gsize length)
{
  g_autofree char *text = g_strndup (value, length);
  guint64 retry;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &retry, NULL))
    self->retry = retry;
}

static void
take_field (HeddleSse *self,
            const char *name,
            gsize name_length,
            const char *value,
            gsize value_length)
{
  if (name_length == 4 && memcmp (name, "data", 4) == 0)
    {
      if (self->has_data)
        g_string_append_c (self->data, '\n');
      g_string_append_len (self->data, value, value_length);
      self->has_data = TRUE;
    }
  else if (name_length == 5 && memcmp (name, "event", 5) == 0)
    {
      g_string_truncate (self->event, 0);
      g_string_append_len (self->event, value, value_length);
    }
  else if (name_length == 2 && memcmp (name, "id", 2) == 0)
    {
      take_id (self, value, value_length);
    }
  else if (name_length == 5 && memcmp (name, "retry", 5) == 0)
    {
      take_retry (self, value, value_length);
    }
}

static void
take_line (HeddleSse *self)
{
  const char *line = self->line->str;
  gsize length = self->line->len;
  const char *colon;

  if (!self->past_start && length >= 3 && memcmp (line, "\xEF\xBB\xBF", 3) == 0)
    {
      line += 3;
      length -= 3;
    }
  self->past_start = TRUE;

  colon = memchr (line, ':', length);
  if (length == 0)
    {
      dispatch_event (self);
    }
  else if (colon == NULL)
    {
      take_field (self, line, length, "", 0);
    }
  else if (colon != line) /* a line that begins with a colon is a comment */
    {
      const char *value = colon + 1;

      if (value < line + length && *value == ' ')
        value++;
      take_field (self, line, colon - line, value, line + length - value);
    }
  g_string_truncate (self->line, 0);
}

void
heddle_sse_feed (HeddleSse *self,
                 const char *bytes,
                 gsize length)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL || length == 0);

  for (gsize start = 0; start < length;)
    {
      gsize end = start;

      if (self->skip_lf && bytes[start] == '\n')
        start = ++end;
      self->skip_lf = FALSE;
      while (end < length && bytes[end] != '\n' && bytes[end] != '\r')
        end++;
      g_string_append_len (self->line, bytes + start, end - start);
      if (end == length)
        return;
      self->skip_lf = bytes[end] == '\r';
      take_line (self);
      start = end + 1;
    }
}

void
heddle_sse_end (HeddleSse *self)
{
  g_return_if_fail (self != NULL);

  if (self->line->len > 0)
    take_line (self);
  dispatch_event (self);
}

const char *
heddle_sse_get_last_id (HeddleSse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->last_id;
}

gint64
heddle_sse_get_retry (HeddleSse *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->retry;
}
