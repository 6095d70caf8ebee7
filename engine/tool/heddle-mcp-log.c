/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-log.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define MAX_LINES 400
#define MAX_LINE_BYTES 2000

struct _HeddleMcpLog
{
  GQueue lines;   /* char* */
  GString *begun; /* of a stream: a line without its end */
  guint64 n_dropped;
};

HeddleMcpLog *
heddle_mcp_log_new (void)
{
  HeddleMcpLog *self = g_rc_box_new0 (HeddleMcpLog);

  g_queue_init (&self->lines);
  self->begun = g_string_new (NULL);
  return self;
}

HeddleMcpLog *
heddle_mcp_log_ref (HeddleMcpLog *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleMcpLog *self = data;

  g_queue_clear_full (&self->lines, g_free);
  g_string_free (self->begun, TRUE);
}

void
heddle_mcp_log_unref (HeddleMcpLog *self)
{
  g_rc_box_release_full (self, clear);
}

/* Colours and other controls of a terminal would show as rubbish. */
static char *
clean (const char *bytes, gsize length)
{
  g_autoptr (GRegex) controls = g_regex_new ("\\x1b\\[[0-9;?]*[A-Za-z]|[\\x00-\\x08\\x0b-\\x1f\\x7f]", 0, 0, NULL);
  g_autofree char *valid = g_utf8_make_valid (bytes, length);

  return g_regex_replace_literal (controls, valid, -1, 0, "", 0, NULL);
}

static void
add_line (HeddleMcpLog *self, const char *bytes, gsize length)
{
  g_autofree char *line = clean (bytes, MIN (length, MAX_LINE_BYTES));

  g_strchomp (line);
  if (*line == '\0')
    return;
  g_queue_push_tail (&self->lines, length > MAX_LINE_BYTES ? g_strconcat (line, "…", NULL) : g_steal_pointer (&line));
  if (self->lines.length <= MAX_LINES)
    return;
  g_free (g_queue_pop_head (&self->lines));
  self->n_dropped++;
}

void
heddle_mcp_log_add (HeddleMcpLog *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    add_line (self, *line, strlen (*line));
}

/* Of a line that never ends no more is kept than is shown. */
static void
begin_line (HeddleMcpLog *self, const char *bytes, gsize length)
{
  if (self->begun->len <= MAX_LINE_BYTES)
    g_string_append_len (self->begun, bytes, MIN (length, MAX_LINE_BYTES + 1));
}

void
heddle_mcp_log_feed (HeddleMcpLog *self, const char *bytes, gsize length)
{
  while (length > 0)
    {
      const char *end = memchr (bytes, '\n', length);
      gsize piece = end == NULL ? length : (gsize) (end - bytes);

      begin_line (self, bytes, piece);
      if (end == NULL)
        return;
      add_line (self, self->begun->str, self->begun->len);
      g_string_truncate (self->begun, 0);
      bytes += piece + 1;
      length -= piece + 1;
    }
}

char *
heddle_mcp_log_dup_text (HeddleMcpLog *self)
{
  GString *text = g_string_new (NULL);
  g_autofree char *begun = clean (self->begun->str, MIN (self->begun->len, MAX_LINE_BYTES));

  if (self->n_dropped > 0)
    {
      g_string_append_printf (text, ngettext ("… %" PRIu64 " earlier line", "… %" PRIu64 " earlier lines", self->n_dropped),
                              self->n_dropped);
      g_string_append_c (text, '\n');
    }
  for (GList *l = self->lines.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s\n", (const char *) l->data);
  if (*begun != '\0')
    g_string_append_printf (text, "%s\n", begun);
  return g_string_free (text, FALSE);
}

const char *
heddle_mcp_log_get_last (HeddleMcpLog *self)
{
  return g_queue_peek_tail (&self->lines);
}
