/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-driver.h"

#include <glib.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define SEED 20260101
#define DEFAULT_MUTATIONS 2000
#define MAX_GROWTH 64

/*
 * Without libFuzzer: runs the target over a folder of inputs in the order of their names, then over
 * mutations of them from a fixed seed, so that every run does the same.
 */

static void
flip_byte (GByteArray *input, GRand *random)
{
  if (input->len > 0)
    input->data[g_rand_int_range (random, 0, (gint32) input->len)] = (guint8) g_rand_int_range (random, 0, 256);
}

static void
remove_range (GByteArray *input, GRand *random)
{
  guint start, length;

  if (input->len == 0)
    return;
  start = (guint) g_rand_int_range (random, 0, (gint32) input->len);
  length = (guint) g_rand_int_range (random, 1, (gint32) MIN (input->len - start, MAX_GROWTH) + 1);
  g_byte_array_remove_range (input, start, length);
}

static void
insert_bytes (GByteArray *input, GRand *random, const guint8 *bytes, guint length)
{
  guint at = (guint) g_rand_int_range (random, 0, (gint32) input->len + 1);
  g_autofree guint8 *tail = g_memdup2 (input->data + at, input->len - at);
  guint tail_length = input->len - at;

  g_byte_array_set_size (input, at);
  g_byte_array_append (input, bytes, length);
  g_byte_array_append (input, tail, tail_length);
}

static void
repeat_range (GByteArray *input, GRand *random)
{
  g_autofree guint8 *copy = NULL;
  guint start, length;

  if (input->len == 0)
    return;
  start = (guint) g_rand_int_range (random, 0, (gint32) input->len);
  length = (guint) g_rand_int_range (random, 1, (gint32) MIN (input->len - start, MAX_GROWTH) + 1);
  copy = g_memdup2 (input->data + start, length);
  insert_bytes (input, random, copy, length);
}

/* Marks that mean something in most of the languages that are parsed here. */
static void
insert_mark (GByteArray *input, GRand *random)
{
  static const char *const marks[] = {
    "{", "}", "[", "]", "(", ")", "\"", "'", "`", "\\", "{{", "}}", "${", "\\u", "\r\n", "\xff", "\xc3", "0", "-",
    "1e999", "9223372036854775808", ":", ",", ".", "?.", "=>", "/", "<", ">", "data: ", "%", "\xf0\x9f\x98\x80"
  };
  const char *mark = marks[g_rand_int_range (random, 0, G_N_ELEMENTS (marks))];

  insert_bytes (input, random, (const guint8 *) mark, (guint) strlen (mark));
}

static void
splice (GByteArray *input, GRand *random, GBytes *other)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (other, &size);
  guint start;

  if (size == 0)
    return;
  start = (guint) g_rand_int_range (random, 0, (gint32) size);
  insert_bytes (input, random, bytes + start, (guint) MIN (size - start, MAX_GROWTH));
}

static GBytes *
pick (GPtrArray *corpus, GRand *random)
{
  return g_ptr_array_index (corpus, g_rand_int_range (random, 0, (gint32) corpus->len));
}

static GByteArray *
mutate (GPtrArray *corpus, GRand *random)
{
  GByteArray *input = g_byte_array_new ();
  GBytes *start = pick (corpus, random);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (start, &size);

  g_byte_array_append (input, bytes, (guint) size);
  for (int rounds = g_rand_int_range (random, 1, 6); rounds > 0; rounds--)
    {
      switch (g_rand_int_range (random, 0, 5))
        {
        case 0:
          flip_byte (input, random);
          break;
        case 1:
          remove_range (input, random);
          break;
        case 2:
          repeat_range (input, random);
          break;
        case 3:
          insert_mark (input, random);
          break;
        default:
          splice (input, random, pick (corpus, random));
          break;
        }
    }
  return input;
}

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
read_corpus (const char *path)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  if (folder == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      char *contents;
      gsize size;

      if (!g_file_get_contents (g_ptr_array_index (names, i), &contents, &size, &error))
        g_error ("%s", error->message);
      g_ptr_array_add (corpus, g_bytes_new_take (contents, size));
    }
  return corpus;
}

/* An exact copy, so that a sanitizer sees each byte read behind the end. */
static void
run_one (const guint8 *bytes, gsize size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  memcpy (copy, bytes, size);
  LLVMFuzzerTestOneInput (copy, size);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) corpus = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint mutations = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : DEFAULT_MUTATIONS;

  setlocale (LC_ALL, "");
  if (argc < 2)
    {
      g_printerr ("Usage: %s CORPUS-FOLDER [MUTATIONS]\n", argv[0]);
      return 2;
    }

  corpus = read_corpus (argv[1]);
  g_assert_cmpuint (corpus->len, >, 0);
  for (guint i = 0; i < corpus->len; i++)
    {
      gsize size;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (corpus, i), &size);

      run_one (bytes, size);
    }
  for (guint i = 0; i < mutations; i++)
    {
      g_autoptr (GByteArray) input = mutate (corpus, random);

      run_one (input->data, input->len);
    }
  g_print ("%u inputs, %u mutations\n", corpus->len, mutations);
  return 0;
}
