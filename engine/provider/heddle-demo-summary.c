/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <string.h>

#define MAX_SENTENCES 3
#define MAX_SENTENCE_CHARS 400

typedef struct
{
  char *text;
  char *citation; /* "[1]" or NULL */
  GPtrArray *stems;
  guint position;
  double score;
} Candidate;

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  g_free (candidate->text);
  g_free (candidate->citation);
  g_ptr_array_unref (candidate->stems);
  g_free (candidate);
}

/* "[12] text" → "[12]", and where the text begins. */
static char *
take_citation (const char **text)
{
  const char *p = *text;
  gsize digits;
  char *citation;

  if (*p != '[')
    return NULL;
  digits = strspn (p + 1, "0123456789");
  if (digits == 0 || digits > 4 || p[1 + digits] != ']')
    return NULL;
  citation = g_strndup (p, digits + 2);
  *text = p + digits + 2;
  *text += strspn (*text, " \t:.-");
  return citation;
}

/* Headings, labels and bare list signs carry no sentence; nor does a title that follows a citation. */
static gboolean
is_prose (const char *text,
          guint n_stems,
          gboolean is_cited)
{
  gsize length = strlen (text);

  if (is_cited && length > 0 && strchr (".!?", text[length - 1]) == NULL)
    return FALSE;
  return n_stems >= 2 && *text != '#' && length > 0 && text[length - 1] != ':';
}

static GPtrArray *
list_candidates (const char *text)
{
  g_autoptr (GPtrArray) sentences = heddle_demo_list_sentences (text);
  GPtrArray *candidates = g_ptr_array_new_with_free_func (candidate_free);
  g_autofree char *citation = NULL;

  for (guint i = 0; i < sentences->len; i++)
    {
      const char *sentence = g_ptr_array_index (sentences, i);
      char *found = take_citation (&sentence);
      g_autoptr (GPtrArray) stems = heddle_demo_list_stems (sentence);
      Candidate *candidate;

      if (found != NULL)
        {
          g_free (citation);
          citation = found;
        }
      if (!is_prose (sentence, stems->len, found != NULL) || g_utf8_strlen (sentence, -1) > MAX_SENTENCE_CHARS)
        continue;
      candidate = g_new0 (Candidate, 1);
      candidate->text = g_strdup (sentence);
      candidate->citation = g_strdup (citation);
      candidate->stems = g_steal_pointer (&stems);
      candidate->position = candidates->len;
      g_ptr_array_add (candidates, candidate);
    }
  return candidates;
}

/* In how many sentences a stem stands. */
static GHashTable *
count_sentences (GPtrArray *candidates)
{
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = g_ptr_array_index (candidates, i);
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      for (guint j = 0; j < candidate->stems->len; j++)
        {
          char *stem = g_ptr_array_index (candidate->stems, j);

          if (g_hash_table_add (seen, stem))
            g_hash_table_insert (counts, stem, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, stem)) + 1));
        }
    }
  return counts;
}

static GHashTable *
collect_question (const char *question,
                  guint64 *meanings)
{
  g_autoptr (GPtrArray) stems = heddle_demo_list_stems (question);
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  *meanings = 0;
  for (guint i = 0; i < stems->len; i++)
    {
      const char *stem = g_ptr_array_index (stems, i);

      if (heddle_demo_is_common (stem))
        continue;
      *meanings |= heddle_demo_meanings (stem);
      g_hash_table_add (set, g_strdup (stem));
    }
  return set;
}

/* Rare words of the question count most; without a question, words that recur in the text. */
static void
score_candidates (GPtrArray *candidates,
                  const char *question)
{
  g_autoptr (GHashTable) counts = count_sentences (candidates);
  guint64 meanings;
  g_autoptr (GHashTable) asked = collect_question (question, &meanings);
  gboolean has_question = g_hash_table_size (asked) > 0;

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = g_ptr_array_index (candidates, i);
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      for (guint j = 0; j < candidate->stems->len; j++)
        {
          char *stem = g_ptr_array_index (candidate->stems, j);
          guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, stem));

          if (heddle_demo_is_common (stem) || !g_hash_table_add (seen, stem))
            continue;
          if (!has_question)
            candidate->score += n - 1.0;
          else if (g_hash_table_contains (asked, stem))
            candidate->score += 1.0 + 2.0 * (candidates->len - n) / candidates->len;
          else if ((heddle_demo_meanings (stem) & meanings) != 0)
            candidate->score += 0.3;
        }
      candidate->score /= 4.0 + candidate->stems->len / 8.0;
      if (!has_question)
        candidate->score += 1.0 / (1.0 + candidate->position);
    }
}

static int
compare_score (gconstpointer a,
               gconstpointer b)
{
  const Candidate *x = *(const Candidate *const *) a;
  const Candidate *y = *(const Candidate *const *) b;

  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  return (x->position > y->position) - (x->position < y->position);
}

static int
compare_position (gconstpointer a,
                  gconstpointer b)
{
  const Candidate *x = *(const Candidate *const *) a;
  const Candidate *y = *(const Candidate *const *) b;

  return (x->position > y->position) - (x->position < y->position);
}

/* Sentences that repeat one another, as overlapping passages do, are taken once. */
static void
remove_repeats (GPtrArray *candidates)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < candidates->len;)
    {
      const Candidate *candidate = g_ptr_array_index (candidates, i);

      if (g_hash_table_add (seen, g_ascii_strdown (candidate->text, -1)))
        i++;
      else
        g_ptr_array_remove_index (candidates, i);
    }
}

/* The citation stands before the sentence's full stop. */
static void
append_sentence (GString *out,
                 const Candidate *candidate)
{
  gsize length = strlen (candidate->text);
  gboolean has_mark = length > 0 && strchr (".!?", candidate->text[length - 1]) != NULL;

  if (out->len > 0)
    g_string_append_c (out, ' ');
  g_string_append_len (out, candidate->text, has_mark ? length - 1 : length);
  if (candidate->citation != NULL)
    g_string_append_printf (out, " %s", candidate->citation);
  g_string_append_c (out, has_mark ? candidate->text[length - 1] : '.');
}

char *
heddle_demo_summarise (const char *text,
                       const char *question)
{
  g_autoptr (GPtrArray) candidates = list_candidates (text);
  GString *out = g_string_new (NULL);
  double least;

  remove_repeats (candidates);
  for (guint i = 0; i < candidates->len; i++)
    ((Candidate *) g_ptr_array_index (candidates, i))->position = i;
  score_candidates (candidates, question);
  g_ptr_array_sort (candidates, compare_score);
  least = candidates->len == 0 ? 0 : ((Candidate *) g_ptr_array_index (candidates, 0))->score / 2;
  if (*question != '\0' && least <= 0)
    g_ptr_array_set_size (candidates, 0);
  for (guint i = candidates->len; i > 0; i--)
    {
      const Candidate *candidate = g_ptr_array_index (candidates, i - 1);

      if (i > MAX_SENTENCES || (i > 1 && *question != '\0' && candidate->score < least))
        g_ptr_array_remove_index (candidates, i - 1);
    }
  g_ptr_array_sort (candidates, compare_position);
  for (guint i = 0; i < candidates->len; i++)
    append_sentence (out, g_ptr_array_index (candidates, i));
  return g_string_free (out, FALSE);
}
