/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "net/heddle-ndjson.h"

typedef struct
{
  const char *bytes;
  const char *lines; /* each with a bar behind it */
} Case;

static const Case cases[] = {
  { "{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}|{\"b\":2}|" },
  { "{\"a\":1}\r\n\r\n\n  \n{\"b\":2}", "{\"a\":1}|{\"b\":2}|" },
  { "\xEF\xBB\xBF{\"a\":1}\n\xEF\xBB\xBFx\n", "{\"a\":1}|\xEF\xBB\xBFx|" },
  { "gr\xC3\xBC\xC3\x9F \xF0\x9F\x8C\x8D\n", "grüß 🌍|" },
  { "\xFF\n\xC3", "\xEF\xBF\xBD|\xEF\xBF\xBD|" },
  { "", "" },
  { "\n\n\n", "" },
};

static void
line_cb (const char *line, gpointer user_data)
{
  g_string_append_printf (user_data, "%s|", line);
}

static void
check (const Case *c, gsize piece)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (HeddleNdjson) parser = heddle_ndjson_new (line_cb, lines);
  gsize length = strlen (c->bytes);

  for (gsize i = 0; i < length; i += piece)
    heddle_ndjson_feed (parser, c->bytes + i, MIN (piece, length - i));
  heddle_ndjson_end (parser);
  g_assert_cmpstr (lines->str, ==, c->lines);
}

static void
test_splits (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (gsize piece = 1; piece <= strlen (cases[i].bytes) + 1; piece++)
        check (&cases[i], piece);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ndjson/splits", test_splits);
  return g_test_run ();
}
