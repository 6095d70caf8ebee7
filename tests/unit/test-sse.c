/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "net/heddle-sse.h"

static void
event_cb (const char *event, const char *data, gpointer user_data)
{
  g_assert_true (g_utf8_validate (data, -1, NULL));
  g_string_append_printf (user_data, "<%s|%s>", event, data);
}

/* piece 0: everything at once. */
static char *
parse (const char *text, gsize length, gsize piece)
{
  GString *seen = g_string_new (NULL);
  g_autoptr (HeddleSse) sse = heddle_sse_new (event_cb, seen);

  for (gsize i = 0; i < length; i += piece == 0 ? length : piece)
    heddle_sse_feed (sse, text + i, piece == 0 ? length : MIN (piece, length - i));
  heddle_sse_end (sse);
  return g_string_free (seen, FALSE);
}

typedef struct
{
  const char *text;
  const char *events;
} Case;

static const Case cases[] = {
  { "data: a\n\n", "<|a>" },
  { "data:a\r\rdata: b\r\n\r\n", "<|a><|b>" },
  { "data: a\r\n\r\ndata: b\n\r\n", "<|a><|b>" },
  { "\xEF\xBB\xBF"
    "data: with mark\n\n",
    "<|with mark>" },
  { "data: \xEF\xBB\xBF later\n\n", "<|\xEF\xBB\xBF later>" },
  { ": OPENROUTER PROCESSING\n\n:\n\ndata: x\n\n", "<|x>" },
  { "data: one\ndata: two\ndata:\ndata: four\n\n", "<|one\ntwo\n\nfour>" },
  { "data\n\n", "<|>" },
  { "data:\n\n", "<|>" },
  { "\n\n\n", "" },
  { "event: ping\n\ndata: x\n\n", "<|x>" },
  { "event: message_stop\ndata: {}\n\n", "<message_stop|{}>" },
  { "id: 7\nretry: 100\nother: z\ndata:  two spaces\n\n", "<| two spaces>" },
  { "data: a:b: c\n\n", "<|a:b: c>" },
  { "data: unfinished", "<|unfinished>" },
  { "data: unfinished\n", "<|unfinished>" },
  { "data: [DONE]\r\n\r\n", "<|[DONE]>" },
  { "data: gr\xC3\xBC\xC3\x9F \xF0\x9F\x8C\x8D\n\n", "<|grüß 🌍>" },
  { "data: bad \xFF\n\n", "<|bad \xEF\xBF\xBD>" },
};

static void
test_any_split (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);

      for (gsize piece = 0; piece <= length; piece++)
        {
          g_autofree char *events = parse (cases[i].text, length, piece);

          g_assert_cmpstr (events, ==, cases[i].events);
        }
    }
}

static void
test_zero_byte (void)
{
  const char bytes[] = "data: a\0b\n\n";
  g_autofree char *events = parse (bytes, sizeof bytes - 1, 1);

  g_assert_cmpstr (events, ==, "<|a\xEF\xBF\xBD"
                               "b>");
}

static void
test_long_line (void)
{
  GString *text = g_string_new ("data: ");
  g_autofree char *events = NULL;

  for (guint i = 0; i < 300000; i++)
    g_string_append (text, "ü");
  g_string_append (text, "\n\n");
  events = parse (text->str, text->len, 1021);
  g_assert_cmpuint (strlen (events), ==, 300000 * 2 + 3);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sse/any-split", test_any_split);
  g_test_add_func ("/sse/zero-byte", test_zero_byte);
  g_test_add_func ("/sse/long-line", test_long_line);
  return g_test_run ();
}
