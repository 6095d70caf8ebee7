/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-markdown.h"

#include <pango/pango.h>
#include <string.h>

/* What a model wrote is shown as it is: whatever it is, the markup must be markup, and soon there. */

static char *
render (const char *markdown,
        char **text)
{
  char *markup = heddle_markdown_to_markup (markdown);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (markup);
  g_assert_true (g_utf8_validate (markup, -1, NULL));
  pango_parse_markup (markup, -1, 0, NULL, text, NULL, &error);
  g_assert_no_error (error);
  return markup;
}

static void
assert_text (const char *markdown,
             const char *expected)
{
  g_autofree char *text = NULL;
  g_autofree char *markup = render (markdown, &text);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_markup (const char *markdown,
               const char *expected)
{
  g_autofree char *text = NULL;
  g_autofree char *markup = render (markdown, &text);

  g_assert_cmpstr (markup, ==, expected);
}

static void
test_blocks (void)
{
  assert_text ("", "");
  assert_text ("one\n\ntwo", "one\n\ntwo");
  assert_markup ("# Title\n\ntext", "<span weight=\"bold\" size=\"x-large\">Title</span>\n\ntext");
  assert_markup ("```\nx < y\n```", "<tt>x &lt; y</tt>");
  assert_text ("a\n\n---\n\nb", "a\n\n———\n\nb");
}

static void
test_lists (void)
{
  assert_text ("- a\n- b", "• a\n• b");
  assert_text ("3. a\n4. b", "3. a\n4. b");
  assert_text ("1. a\n   - x\n   - y\n2. b", "1. a\n    • x\n    • y\n2. b");
  assert_text ("before\n\n- a\n\nafter", "before\n\n• a\n\nafter");
}

static void
test_inline (void)
{
  assert_markup ("*a* **b** `c<d`", "<i>a</i> <b>b</b> <tt>c&lt;d</tt>");
  assert_markup ("[name](https://example.org/?a=1&b=2)", "<u>name</u>");
  assert_text ("![picture](x.png)", "picture");
}

static void
test_hostile_markup (void)
{
  assert_text ("<span size=\"999999999\">x</span> & </b> <i>", "<span size=\"999999999\">x</span> & </b> <i>");
  assert_text ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2");
  assert_text ("a\x01\x1b[31mred", "a\x01\x1b[31mred");
  assert_text ("caf\xc3", "caf\xef\xbf\xbd");
}

static char *
repeat (const char *part,
        gsize length)
{
  GString *text = g_string_sized_new (length + strlen (part));

  while (text->len < length)
    g_string_append (text, part);
  return g_string_free (text, FALSE);
}

/* As much of each as is ever shown; without limits these take minutes or all memory. */
static void
test_hostile_size (void)
{
  static const char *const parts[] = { "1\n1. x\n", "- ", "> ", "1. ", "*_", "[", "**a", "`", "![", "<", "# ", "* a\n", "    ", "&amp;", "[a](", "\\", "_*_*a*_*_ " };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *markdown = repeat (parts[i], 64 * 1024);
      g_autofree char *text = NULL;
      g_autofree char *markup = render (markdown, &text);

      g_assert_cmpuint (strlen (markup), <, 16 * strlen (markdown) + 1024);
    }
}

static int
deepest (const char *markup)
{
  int depth = 0, most = 0;

  for (const char *p = strchr (markup, '<'); p != NULL; p = strchr (p + 1, '<'))
    {
      depth += p[1] == '/' ? -1 : 1;
      most = MAX (most, depth);
    }
  return most;
}

static void
test_nested_emphasis (void)
{
  g_autofree char *open = repeat ("*a **b ", 4 * 1024);
  g_autofree char *close = repeat ("b** a*", 4 * 1024);
  g_autofree char *markdown = g_strconcat (open, close, NULL);
  g_autofree char *text = NULL;
  g_autofree char *markup = render (markdown, &text);

  g_assert_cmpint (deepest (markup), >, 1);
  g_assert_cmpint (deepest (markup), <=, 16);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/blocks", test_blocks);
  g_test_add_func ("/markdown/lists", test_lists);
  g_test_add_func ("/markdown/inline", test_inline);
  g_test_add_func ("/markdown/hostile-markup", test_hostile_markup);
  g_test_add_func ("/markdown/hostile-size", test_hostile_size);
  g_test_add_func ("/markdown/nested-emphasis", test_nested_emphasis);
  return g_test_run ();
}
