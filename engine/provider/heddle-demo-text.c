/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <string.h>

#define TOKEN_CHARS 6

static gboolean
is_word_char (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* An apostrophe belongs to the word when letters stand on both sides. */
static gboolean
continues_word (const char *p)
{
  gunichar c = g_utf8_get_char (p);

  if (is_word_char (c))
    return TRUE;
  if (c != '\'' && c != 0x2019)
    return FALSE;
  return is_word_char (g_utf8_get_char (g_utf8_next_char (p)));
}

static gboolean
cut_suffix (char *word,
            const char *suffix,
            gsize min_rest)
{
  gsize length = strlen (word);
  gsize cut = strlen (suffix);

  if (length < cut + min_rest || !g_str_has_suffix (word, suffix))
    return FALSE;
  word[length - cut] = '\0';
  return TRUE;
}

/* "stopp" → "stop", but "bill" and "pass" stay. */
static void
undouble (char *word)
{
  gsize length = strlen (word);

  if (length > 3 && word[length - 1] == word[length - 2] && strchr ("bdgmnprt", word[length - 1]) != NULL)
    word[length - 1] = '\0';
}

static void
cut_plural (char *word)
{
  if (cut_suffix (word, "ies", 2))
    strcat (word, "y");
  else if (g_str_has_suffix (word, "ss") || g_str_has_suffix (word, "us") || g_str_has_suffix (word, "is"))
    return;
  else if (g_str_has_suffix (word, "sses") || g_str_has_suffix (word, "shes") || g_str_has_suffix (word, "ches") || g_str_has_suffix (word, "xes"))
    cut_suffix (word, "es", 2);
  else
    cut_suffix (word, "s", 3);
}

/* A light English stemmer: enough to bring forms of a word together, the same for texts, labels and lexicon. */
char *
heddle_demo_stem (const char *word)
{
  g_autofree char *lower = g_utf8_strdown (word, -1);
  char *stem = g_strdup (lower);

  cut_suffix (stem, "'s", 1);
  if (strchr (stem, '\'') != NULL)
    return stem;
  cut_plural (stem);
  if (cut_suffix (stem, "ing", 3) || cut_suffix (stem, "ed", 3))
    undouble (stem);
  else if (!cut_suffix (stem, "ation", 4) && !cut_suffix (stem, "ment", 4))
    cut_suffix (stem, "ly", 4);
  cut_suffix (stem, "e", 3);
  if (strlen (stem) > 3 && g_str_has_suffix (stem, "y"))
    stem[strlen (stem) - 1] = 'i';
  return stem;
}

GPtrArray *
heddle_demo_list_stems (const char *text)
{
  GPtrArray *stems = g_ptr_array_new_with_free_func (g_free);
  const char *p = text;

  while (*p != '\0')
    {
      const char *start = p;
      g_autofree char *word = NULL;

      while (*p != '\0' && continues_word (p))
        p = g_utf8_next_char (p);
      if (p == start)
        {
          p = g_utf8_next_char (p);
          continue;
        }
      word = g_strndup (start, p - start);
      g_ptr_array_add (stems, heddle_demo_stem (word));
    }
  return stems;
}

static gpointer
build_common (gpointer data)
{
  static const char *const words =
    "a an the and or but if then than that this these those is am are was were be been being do does did have has had i you he she it we they me him her us "
    "them my your his its our their of to in on at by for with from as into about over under after before between up down out off so such "
    "not no can could will would shall should may might must just only also very too more most some any each every all both few other "
    "one what which who whom whose when where why how there here please der die das und oder ist ein eine ich wir sie es nicht mit auf für von zu "
    "i'm i've it's don't";
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  for (char **word = list; *word != NULL; word++)
    g_hash_table_add (table, heddle_demo_stem (*word));
  return table;
}

gboolean
heddle_demo_is_common (const char *stem)
{
  static GOnce once = G_ONCE_INIT;

  return g_hash_table_contains (g_once (&once, build_common, NULL), stem);
}

/* "e.g. this", "Dr. Who" and "3.5" do not end a sentence. */
static gboolean
ends_sentence (const char *start,
               const char *mark)
{
  static const char *const abbreviations[] = { "e.g", "i.e", "etc", "mr", "mrs", "dr", "no", "vs", "z.b", "approx" };
  const char *after = mark + strspn (mark, ".!?\"')”’");

  if (*after != '\0' && !g_ascii_isspace (*after))
    return FALSE;
  for (guint i = 0; *mark == '.' && i < G_N_ELEMENTS (abbreviations); i++)
    {
      gsize length = strlen (abbreviations[i]);

      if ((gsize) (mark - start) >= length && g_ascii_strncasecmp (mark - length, abbreviations[i], length) == 0 &&
          ((gsize) (mark - start) == length || !g_ascii_isalpha (mark[-(gssize) length - 1])))
        return FALSE;
    }
  return TRUE;
}

static void
add_sentence (GPtrArray *sentences,
              const char *start,
              gsize length)
{
  char *sentence = g_strstrip (g_strndup (start, length));

  if (*sentence != '\0')
    g_ptr_array_add (sentences, sentence);
  else
    g_free (sentence);
}

GPtrArray *
heddle_demo_list_sentences (const char *text)
{
  GPtrArray *sentences = g_ptr_array_new_with_free_func (g_free);
  const char *start = text;
  const char *p = text;

  for (; *p != '\0'; p++)
    {
      gboolean is_end = *p == '\n' || (strchr (".!?", *p) != NULL && ends_sentence (start, p));

      if (!is_end)
        continue;
      while (p[1] != '\0' && strchr (".!?\"')", p[1]) != NULL)
        p++;
      add_sentence (sentences, start, p + 1 - start);
      start = p + 1;
    }
  add_sentence (sentences, start, p - start);
  return sentences;
}

static const struct
{
  const char *name;
  const char *words;
} languages[] = {
  { "English", " the and is are was you i it that this my not have for with of to in on what how can been " },
  { "German", " der die das und ist nicht ich sie wir ein eine mit auf für von zu den dem wie was kann habe wurde mein " },
  { "French", " le la les et est pas je vous nous un une avec sur pour de du des que comment mon ma ne suis " },
  { "Spanish", " el la los las y es no yo usted un una con para de del que cómo mi por se he está " },
  { "Italian", " il lo la gli e è non io un una con per di del che come mio sono ho della " },
  { "Portuguese", " o os as e é não eu você um uma com para de do da que como meu minha foi está " },
  { "Dutch", " de het een en is niet ik je wij met op voor van te wat hoe mijn heb dat zijn " },
};

const char *
heddle_demo_detect_language (const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_auto (GStrv) words = g_strsplit_set (lower, " \t\r\n.,;:!?\"()'", -1);
  const char *best = NULL;
  guint best_hits = 0;

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      guint hits = 0;

      for (char **word = words; *word != NULL; word++)
        {
          g_autofree char *padded = g_strconcat (" ", *word, " ", NULL);

          hits += **word != '\0' && strstr (languages[i].words, padded) != NULL;
        }
      if (hits > best_hits)
        {
          best_hits = hits;
          best = languages[i].name;
        }
    }
  return best;
}

/* Moves past one token and the white space before it; NULL at the end. */
static const char *
next_token (const char *p)
{
  guint n_chars = 0;

  while (*p != '\0' && g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  if (*p == '\0')
    return NULL;
  if (!is_word_char (g_utf8_get_char (p)))
    return g_utf8_next_char (p);
  for (; *p != '\0' && is_word_char (g_utf8_get_char (p)) && n_chars < TOKEN_CHARS; n_chars++)
    p = g_utf8_next_char (p);
  return p;
}

gint64
heddle_demo_count_tokens (const char *text)
{
  gint64 n_tokens = 0;

  for (const char *p = next_token (text); p != NULL; p = next_token (p))
    n_tokens++;
  return n_tokens;
}

gsize
heddle_demo_tokens_to_length (const char *text,
                              gint64 n_tokens)
{
  const char *end = text;

  for (const char *p = text; n_tokens > 0 && (p = next_token (p)) != NULL; n_tokens--)
    end = p;
  return end - text;
}
