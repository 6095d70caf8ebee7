/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "fuzz-driver.h"
#include "net/heddle-sse.h"

static void
event_cb (const char *event, const char *data, gpointer user_data)
{
  g_assert_true (g_utf8_validate (event, -1, NULL));
  g_assert_true (g_utf8_validate (data, -1, NULL));
  g_string_append_printf (user_data, "%s\x1f%s\x1e", event, data);
}

static char *
parse (const char *bytes, gsize length, gsize piece)
{
  GString *events = g_string_new (NULL);
  g_autoptr (HeddleSse) sse = heddle_sse_new (event_cb, events);

  for (gsize i = 0; i < length; i += piece)
    heddle_sse_feed (sse, bytes + i, MIN (piece, length - i));
  heddle_sse_end (sse);
  return g_string_free (events, FALSE);
}

/* Any split of the bytes gives the same events. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = parse ((const char *) data, size, MAX (size, 1));
  g_autofree char *single = parse ((const char *) data, size, 1);
  g_autofree char *pieces = parse ((const char *) data, size, 3 + size % 5);

  g_assert_cmpstr (single, ==, whole);
  g_assert_cmpstr (pieces, ==, whole);
  return 0;
}
