/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "heddle-error.h"
#include "knowledge/heddle-extract.h"

typedef HeddleExtract *(*ExtractFunc) (const char *data, gsize length, GError **error);

static HeddleExtract *
extract (ExtractFunc func, const char *data)
{
  g_autoptr (GError) error = NULL;
  HeddleExtract *result = func (data, strlen (data), &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  return result;
}

/* The blocks as "level|text" lines. */
static char *
describe (const HeddleExtract *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const HeddleBlock *block = &g_array_index (self->blocks, HeddleBlock, i);
      g_autofree char *text = g_strndup (self->text + block->start, block->end - block->start);

      g_string_append_printf (out, "%u|%s\n", block->level, block->heading != NULL ? block->heading : text);
    }
  return g_strdup (out->str);
}

static void
assert_extracted (ExtractFunc func, const char *data, const char *title, const char *expected)
{
  g_autoptr (HeddleExtract) self = extract (func, data);
  g_autofree char *described = describe (self);

  g_assert_cmpstr (self->title, ==, title);
  g_assert_cmpstr (described, ==, expected);
}

static void
assert_decoded (const char *data, gsize length, const char *declared, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = heddle_charset_decode (data, length, declared, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_charsets (void)
{
  assert_decoded ("", 0, NULL, "");
  assert_decoded ("h\xc3\xa9", 3, NULL, "hé");
  assert_decoded ("\xef\xbb\xbfh\xc3\xa9", 6, NULL, "hé");
  assert_decoded ("\xff\xfeh\0\xe9\0", 6, NULL, "hé");
  assert_decoded ("\xfe\xff\0h\0\xe9", 6, NULL, "hé");
  assert_decoded ("h\0e\0l\0l\0o\0", 10, NULL, "hello");
  assert_decoded ("\0h\0e\0l\0l\0o", 10, NULL, "hello");
  assert_decoded ("\xff\xfe\0\0h\0\0\0", 8, NULL, "h");
  assert_decoded ("\x93h\xe9\x94 \x80", 6, NULL, "“hé” €");
  assert_decoded ("h\xe9\x81", 3, NULL, "hé\xc2\x81");
  assert_decoded ("\xd0\xd2\xc9", 3, "koi8-r", "при");
  assert_decoded ("h\xe9", 2, "utf-16", "hé");
  assert_decoded ("h\xe9", 2, "no-such-charset", "hé");
}

static void
assert_refused (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = heddle_charset_decode (data, length, NULL, &error);

  g_assert_null (text);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

static void
test_binary (void)
{
  assert_refused ("\x7f"
                  "ELF\x02\x01\x01\0\0\0\0\0",
                  12);
  assert_refused ("text\0hidden", 11);
  assert_refused ("\xff\xfeh\0\0\0i\0", 8);
  assert_refused ("\xef\xbb\xbf\xff\xff", 5);
}

static void
test_plain (void)
{
  assert_extracted (heddle_extract_plain, "one\ntwo\n\n \t\nthree\r\n\r\nfour", NULL, "0|one\ntwo\n0|three\n0|four\n");
}

static void
test_markdown (void)
{
  assert_extracted (heddle_extract_markdown,
                    "Title *here*\n=====\n\npara\ngoes on\n\n- a\n- b\n  c\n\n```sh\n# no heading\n```\n> # quoted\n\n## `x` [y](z)\n",
                    "Title here",
                    "1|Title here\n0|para\ngoes on\n0|- a\n0|- b\n  c\n0|```sh\n# no heading\n```\n0|> # quoted\n2|x y\n");
  assert_extracted (heddle_extract_markdown, "# A\r\n\r\ntext\r\n", "A", "1|A\n0|text\n");
  assert_extracted (heddle_extract_markdown, "# A\rtext", "A", "1|A\n0|text\n");
}

static void
test_html (void)
{
  assert_extracted (heddle_extract_html,
                    "<!doctype html><title> The\n page </title><nav>menu</nav><h1>Big <b>one</b></h1><p>a\n  b<br>c</p>"
                    "<script>evil()</script><style>p{}</style><ul><li>x<li><p>y</p></ul><pre>k\n  l</pre>"
                    "<table><tr><td>1<td>2<tr><td>3</table><p hidden>no</p><footer>f</footer>tail",
                    "The page",
                    "1|Big one\n0|a b\nc\n0|- x\n0|- y\n0|k\n  l\n0|1 2\n0|3\n0|tail\n");
  assert_extracted (heddle_extract_html, "<body>menu<main><h2>x</h2>y</main>z", NULL, "2|x\n0|y\n");
  assert_extracted (heddle_extract_html, "h\xc3\xa9 &eacute; &lt;b&gt;", NULL, "0|hé é <b>\n");
  assert_extracted (heddle_extract_html, "<meta charset=iso-8859-1>h\xe9", NULL, "0|hé\n");
  assert_extracted (heddle_extract_html, "<meta charset=koi8-r>\xd0\xd2\xc9", NULL, "0|при\n");
  assert_extracted (heddle_extract_html, "", NULL, "");
}

/* Nothing outside the page is read, whatever it names. */
static void
test_html_entities (void)
{
  g_autoptr (HeddleExtract) self = extract (heddle_extract_html,
                                            "<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><p>a&x;b</p>");

  g_assert_null (strstr (self->text, "root:"));
}

static void
test_deep_html (void)
{
  g_autoptr (GString) page = g_string_new (NULL);
  g_autoptr (HeddleExtract) self = NULL;

  for (guint i = 0; i < 200000; i++)
    g_string_append (page, "<div>");
  g_string_append (page, "deep");
  self = extract (heddle_extract_html, page->str);
  g_assert_nonnull (self->text);
}

/* Deeply nested and unclosed Markdown takes neither stack nor minutes. */
static void
test_hostile_markdown (void)
{
  const char *const worst[] = { "[", ">", "![](", "**a ", "<a ", "`a``", "- ", "[a](<b" };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (worst); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (HeddleExtract) self = NULL;

      for (guint j = 0; j < 20000; j++)
        g_string_append (text, worst[i]);
      self = extract (heddle_extract_markdown, text->str);
      g_assert_nonnull (self);
      g_test_message ("%s: %" G_GINT64_FORMAT " ms", worst[i], (g_get_monotonic_time () - start) / 1000);
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_USEC_PER_SEC);
}

static void
test_formats (void)
{
  g_assert_cmpint (heddle_format_guess ("a.md", "x", 1), ==, HEDDLE_FORMAT_MARKDOWN);
  g_assert_cmpint (heddle_format_guess ("a.HTML", "x", 1), ==, HEDDLE_FORMAT_HTML);
  g_assert_cmpint (heddle_format_guess ("a", "%PDF-1.4", 8), ==, HEDDLE_FORMAT_PDF);
  g_assert_cmpint (heddle_format_guess ("README", "hello\n", 6), ==, HEDDLE_FORMAT_PLAIN);
  g_assert_cmpint (heddle_format_guess ("a.png", "\x89PNG\r\n\x1a\n\0", 9), ==, HEDDLE_FORMAT_UNSUPPORTED);
  g_assert_cmpint (heddle_format_from_mime ("text/markdown"), ==, HEDDLE_FORMAT_MARKDOWN);
  g_assert_cmpint (heddle_format_from_mime ("image/png"), ==, HEDDLE_FORMAT_UNSUPPORTED);
  g_assert_cmpint (heddle_format_from_mime (NULL), ==, HEDDLE_FORMAT_UNSUPPORTED);
}

static void
test_pdf (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "knowledge", "manual.pdf", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExtract) self = heddle_extract_pdf (path, NULL, &error);
  const HeddleBlock *last;

  g_assert_no_error (error);
  g_assert_cmpstr (self->title, ==, "The Heddle Manual");
  g_assert_nonnull (strstr (self->text, "at a single movement"));
  last = &g_array_index (self->blocks, HeddleBlock, self->blocks->len - 1);
  g_assert_cmpuint (g_array_index (self->blocks, HeddleBlock, 0).page, ==, 1);
  g_assert_cmpuint (last->page, ==, 2);
  g_assert_nonnull (g_strstr_len (self->text + last->start, last->end - last->start, "ZX-4711"));
}

static void
test_damaged_pdf (void)
{
  g_autofree char *dir = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "damaged.pdf", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExtract) self = NULL;

  g_assert_true (g_file_set_contents (path, "%PDF-1.4\nnot really", -1, NULL));
  self = heddle_extract_pdf (path, NULL, &error);
  g_assert_null (self);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_remove (path);
  g_rmdir (dir);
}

static void
write_program (const char *path, const char *script)
{
  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
}

/* Whatever happens to the program that reads, it is an error of this one file. */
static void
test_hostile_pdf_process (void)
{
  const char *const scripts[] = { "#!/bin/sh\nkill -SEGV $$\n", "#!/bin/sh\nexec cat /dev/zero\n",
                                  "#!/bin/sh\nprintf '\\377\\376\\f'\n", "#!/bin/sh\nexit 3\n", "#!/bin/sh\n" };
  const int codes[] = { HEDDLE_ERROR_INVALID, HEDDLE_ERROR_LIMIT, HEDDLE_ERROR_INVALID, HEDDLE_ERROR_INVALID,
                        HEDDLE_ERROR_INVALID };
  g_autofree char *dir = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (dir, "heddle-pdf-text", NULL);
  g_autofree char *saved = g_strdup (g_getenv ("HEDDLE_LIBEXECDIR"));

  g_setenv ("HEDDLE_LIBEXECDIR", dir, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeddleExtract) self = NULL;

      write_program (program, scripts[i]);
      self = heddle_extract_pdf ("/dev/null", NULL, &error);
      g_assert_null (self);
      g_assert_error (error, HEDDLE_ERROR, codes[i]);
    }
  g_setenv ("HEDDLE_LIBEXECDIR", saved != NULL ? saved : "", TRUE);
  g_remove (program);
  g_rmdir (dir);
}

static gpointer
cancel_soon_thread (gpointer cancellable)
{
  g_usleep (100000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled_pdf (void)
{
  g_autofree char *dir = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (dir, "heddle-pdf-text", NULL);
  g_autofree char *saved = g_strdup (g_getenv ("HEDDLE_LIBEXECDIR"));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GThread) thread = NULL;
  gint64 start = g_get_monotonic_time ();

  g_setenv ("HEDDLE_LIBEXECDIR", dir, TRUE);
  write_program (program, "#!/bin/sh\nexec sleep 60\n");
  thread = g_thread_new ("cancel", cancel_soon_thread, cancellable);
  g_assert_null (heddle_extract_pdf ("/dev/null", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_USEC_PER_SEC);
  g_thread_join (g_steal_pointer (&thread));
  g_setenv ("HEDDLE_LIBEXECDIR", saved != NULL ? saved : "", TRUE);
  g_remove (program);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extract/charsets", test_charsets);
  g_test_add_func ("/extract/binary", test_binary);
  g_test_add_func ("/extract/plain", test_plain);
  g_test_add_func ("/extract/markdown", test_markdown);
  g_test_add_func ("/extract/html", test_html);
  g_test_add_func ("/extract/html-entities", test_html_entities);
  g_test_add_func ("/extract/deep-html", test_deep_html);
  g_test_add_func ("/extract/hostile-markdown", test_hostile_markdown);
  g_test_add_func ("/extract/formats", test_formats);
  g_test_add_func ("/extract/pdf", test_pdf);
  g_test_add_func ("/extract/damaged-pdf", test_damaged_pdf);
  g_test_add_func ("/extract/hostile-pdf-process", test_hostile_pdf_process);
  g_test_add_func ("/extract/cancelled-pdf", test_cancelled_pdf);
  return g_test_run ();
}
