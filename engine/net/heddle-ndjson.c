/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-ndjson.h"

#include <string.h>

/* Bytes are gathered until a line is whole, so that a character split over two reads is never decoded in halves. */
struct _HeddleNdjson
{
  HeddleNdjsonFunc func;
  gpointer user_data;
  GString *line;
  gboolean past_start; /* the first line is over, so no byte order mark any more */
};

HeddleNdjson *
heddle_ndjson_new (HeddleNdjsonFunc func,
                   gpointer user_data)
{
  HeddleNdjson *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (HeddleNdjson, 1);
  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  return self;
}

void
heddle_ndjson_free (HeddleNdjson *self)
{
  if (self == NULL)
    return;
  g_string_free (self->line, TRUE);
  g_free (self);
}

static void
take_line (HeddleNdjson *self)
{
  const char *bytes = self->line->str;
  gsize length = self->line->len;
  g_autofree char *line = NULL;

  if (!self->past_start && length >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    {
      bytes += 3;
      length -= 3;
    }
  self->past_start = TRUE;
  line = g_strstrip (g_utf8_make_valid (bytes, length));
  if (*line != '\0')
    self->func (line, self->user_data);
  g_string_truncate (self->line, 0);
}

void
heddle_ndjson_feed (HeddleNdjson *self,
                    const char *bytes,
                    gsize length)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL || length == 0);

  while (length > 0)
    {
      const char *end = memchr (bytes, '\n', length);
      gsize piece = end == NULL ? length : (gsize) (end - bytes);

      g_string_append_len (self->line, bytes, piece);
      if (end == NULL)
        return;
      take_line (self);
      bytes += piece + 1;
      length -= piece + 1;
    }
}

void
heddle_ndjson_end (HeddleNdjson *self)
{
  g_return_if_fail (self != NULL);

  take_line (self);
}
