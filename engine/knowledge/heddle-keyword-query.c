/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-keyword-query.h"

#include <stdlib.h>
#include <string.h>

/* A query is a question; of a whole document, its first words stand for it. */
#define MAX_TERMS 64
#define MAX_TERM_BYTES 128

/* Sorted. The most frequent English words; other languages are weighted down by BM25 alone. */
static const char *const stop_words[] = {
  "a",
  "about",
  "also",
  "am",
  "an",
  "and",
  "any",
  "are",
  "as",
  "at",
  "be",
  "been",
  "being",
  "but",
  "by",
  "can",
  "could",
  "did",
  "do",
  "does",
  "for",
  "from",
  "had",
  "has",
  "have",
  "he",
  "her",
  "here",
  "his",
  "how",
  "i",
  "if",
  "in",
  "into",
  "is",
  "it",
  "its",
  "me",
  "my",
  "no",
  "not",
  "of",
  "on",
  "or",
  "our",
  "s",
  "she",
  "should",
  "so",
  "some",
  "such",
  "t",
  "than",
  "that",
  "the",
  "their",
  "them",
  "then",
  "there",
  "these",
  "they",
  "this",
  "those",
  "to",
  "too",
  "very",
  "was",
  "we",
  "were",
  "what",
  "when",
  "where",
  "which",
  "while",
  "who",
  "whom",
  "why",
  "will",
  "with",
  "would",
  "you",
  "your",
};

static int
compare_words (const void *a,
               const void *b)
{
  return strcmp (a, *(const char *const *) b);
}

static gboolean
is_stop_word (const char *word)
{
  return bsearch (word, stop_words, G_N_ELEMENTS (stop_words), sizeof stop_words[0], compare_words) != NULL;
}

static gboolean
is_word_character (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* The next word in lower case, or NULL; *p moves behind it. */
static char *
next_word (const char **p)
{
  const char *start;

  while (**p != '\0' && !is_word_character (g_utf8_get_char (*p)))
    *p = g_utf8_next_char (*p);
  start = *p;
  while (**p != '\0' && is_word_character (g_utf8_get_char (*p)))
    *p = g_utf8_next_char (*p);
  return *p > start ? g_utf8_strdown (start, *p - start) : NULL;
}

/* Distinct words in order; stop words only when with_stop_words. */
static GPtrArray *
list_terms (const char *text,
            gboolean with_stop_words)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *terms = g_ptr_array_new_with_free_func (g_free);

  while (terms->len < MAX_TERMS)
    {
      g_autofree char *word = next_word (&text);

      if (word == NULL)
        break;
      if (strlen (word) > MAX_TERM_BYTES || (!with_stop_words && is_stop_word (word)) || g_hash_table_contains (seen, word))
        continue;
      g_hash_table_add (seen, word);
      g_ptr_array_add (terms, g_steal_pointer (&word));
    }
  return terms;
}

char *
heddle_keyword_query_build (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GPtrArray) terms = list_terms (valid, FALSE);
  g_autoptr (GString) query = g_string_new (NULL);

  if (terms->len == 0)
    {
      g_ptr_array_unref (terms);
      terms = list_terms (valid, TRUE);
    }
  for (guint i = 0; i < terms->len; i++)
    g_string_append_printf (query, "%s\"%s\"", i > 0 ? " OR " : "", (const char *) terms->pdata[i]);
  return query->len > 0 ? g_strdup (query->str) : NULL;
}
