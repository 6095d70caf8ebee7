/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <string.h>

#define MIN_COMMON_PREFIX 5

/* One label as the scorer sees it. */
typedef struct
{
  GHashTable *names;        /* stems of its name */
  GHashTable *descriptions; /* and of what is said about it */
  guint64 name_meanings;
  guint64 description_meanings;
} Target;

static void
target_clear (Target *target)
{
  g_hash_table_unref (target->names);
  g_hash_table_unref (target->descriptions);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static GHashTable *
collect_stems (const char *text,
               guint64 *meanings)
{
  g_autoptr (GPtrArray) stems = heddle_demo_list_stems (text);
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

static char *
split_name (const char *name)
{
  char *text = g_strdup (name);

  return g_strdelimit (text, "_-/+&", ' ');
}

static void
target_init (Target *target,
             const HeddleDemoLabel *label)
{
  g_autofree char *name = split_name (label->name);

  target->names = collect_stems (name, &target->name_meanings);
  target->descriptions = collect_stems (label->description == NULL ? "" : label->description, &target->description_meanings);
}

static gboolean
resembles_any (GHashTable *names,
               const char *stem)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      gsize common = 0;

      while (stem[common] != '\0' && stem[common] == ((char *) name)[common])
        common++;
      if (common >= MIN_COMMON_PREFIX)
        return TRUE;
    }
  return FALSE;
}

static guint
count_bits (guint64 mask)
{
  guint n_bits = 0;

  for (; mask != 0; mask &= mask - 1)
    n_bits++;
  return n_bits;
}

/* A word with one meaning says more than one with four. */
static double
score_stem (const Target *target,
            const char *stem)
{
  guint64 meanings = heddle_demo_meanings (stem);
  double weight = meanings == 0 ? 0 : 1.0 / count_bits (meanings);

  if (g_hash_table_contains (target->names, stem))
    return 3;
  if (g_hash_table_contains (target->descriptions, stem))
    return 1.5;
  if ((meanings & target->name_meanings) != 0)
    return 0.5 + weight * count_bits (meanings & target->name_meanings);
  if (resembles_any (target->names, stem))
    return 1;
  return (meanings & target->description_meanings) != 0 ? 0.25 + weight / 2 : 0;
}

/* Each word and each pair of words once. */
static GPtrArray *
collect_features (const char *text)
{
  g_autoptr (GPtrArray) stems = heddle_demo_list_stems (text);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *features = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < stems->len; i++)
    {
      const char *stem = g_ptr_array_index (stems, i);
      const char *next = i + 1 < stems->len ? g_ptr_array_index (stems, i + 1) : NULL;
      g_autofree char *pair = next == NULL ? NULL : g_strconcat (stem, "_", next, NULL);

      if (!heddle_demo_is_common (stem) && g_hash_table_add (seen, (gpointer) stem))
        g_ptr_array_add (features, g_strdup (stem));
      if (pair != NULL && heddle_demo_meanings (pair) != 0)
        g_ptr_array_add (features, g_steal_pointer (&pair));
    }
  return features;
}

static double
score_label (const HeddleDemoLabel *label,
             GPtrArray *features,
             int sentiment)
{
  g_auto (Target) target = { 0 };
  guint64 praise = heddle_demo_meanings ("positiv");
  guint64 blame = heddle_demo_meanings ("negativ");
  double score = 0;

  target_init (&target, label);
  if (target.name_meanings == praise || target.name_meanings == blame)
    return target.name_meanings == praise ? sentiment : -sentiment;
  for (guint i = 0; i < features->len; i++)
    score += score_stem (&target, g_ptr_array_index (features, i));
  return score;
}

/* What a careful person answers when nothing fits. */
static gboolean
is_neutral (const char *name)
{
  static const char *const names[] = { "other", "others", "general", "neutral", "unknown", "none", "misc", "miscellaneous", "unclear", "mixed",
                                       "default", "else", "medium", "normal", "unsure", "not sure", "no", "false", "ham", "undefined", "sonstiges", "other inquiry" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (names[i], name) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
all_labels (GPtrArray *labels,
            gboolean (*test) (const char *name))
{
  for (guint i = 0; i < labels->len; i++)
    {
      const HeddleDemoLabel *label = g_ptr_array_index (labels, i);

      if (!test (label->name))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_number (const char *name)
{
  return *name != '\0' && strspn (name, "0123456789") == strlen (name);
}

static gboolean
is_affirmation (const char *name)
{
  return g_ascii_strcasecmp (name, "yes") == 0 || g_ascii_strcasecmp (name, "true") == 0 || g_ascii_strcasecmp (name, "ja") == 0;
}

static gboolean
is_verdict (const char *name)
{
  static const char *const names[] = { "yes", "no", "true", "false", "ja", "nein", "maybe", "unknown", "unsure" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (names[i], name) == 0)
        return TRUE;
    }
  return FALSE;
}

static const struct
{
  const char *language;
  const char *names;
} language_names[] = {
  { "English", " english englisch en eng " },
  { "German", " german deutsch de ger deu " },
  { "French", " french französisch français fr fra " },
  { "Spanish", " spanish spanisch español es spa " },
  { "Italian", " italian italienisch italiano it ita " },
  { "Portuguese", " portuguese portugiesisch português pt por " },
  { "Dutch", " dutch niederländisch nederlands nl nld " },
};

static const char *
language_of_name (const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  g_autofree char *padded = g_strconcat (" ", lower, " ", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (language_names); i++)
    {
      if (strstr (language_names[i].names, padded) != NULL)
        return language_names[i].language;
    }
  return NULL;
}

static gboolean
is_language (const char *name)
{
  return language_of_name (name) != NULL || is_neutral (name);
}

static guint
find_label (GPtrArray *labels,
            gboolean (*test) (const char *name))
{
  for (guint i = 0; i < labels->len; i++)
    {
      const HeddleDemoLabel *label = g_ptr_array_index (labels, i);

      if (test (label->name))
        return i;
    }
  return labels->len;
}

static guint
choose_language (GPtrArray *labels,
                 const char *text)
{
  const char *language = heddle_demo_detect_language (text);
  guint neutral = find_label (labels, is_neutral);

  for (guint i = 0; language != NULL && i < labels->len; i++)
    {
      const HeddleDemoLabel *label = g_ptr_array_index (labels, i);

      if (g_strcmp0 (language_of_name (label->name), language) == 0)
        return i;
    }
  return neutral < labels->len ? neutral : 0;
}

/* Grades such as 1 to 5: the balance of praise and blame, on their scale. */
static guint
choose_grade (GPtrArray *labels,
              const char *text)
{
  double place = 0.5 + CLAMP (heddle_demo_sentiment (text), -2, 2) * 0.25;
  const HeddleDemoLabel *first = g_ptr_array_index (labels, 0);
  const HeddleDemoLabel *last = g_ptr_array_index (labels, labels->len - 1);

  if (g_ascii_strtoll (first->name, NULL, 10) > g_ascii_strtoll (last->name, NULL, 10))
    place = 1 - place;
  return (guint) (place * (labels->len - 1) + 0.5);
}

/* Yes when the text is about what the question names. */
static guint
choose_verdict (GPtrArray *labels,
                const char *text,
                const char *question)
{
  guint affirmation = find_label (labels, is_affirmation);
  g_autoptr (GPtrArray) features = collect_features (text);
  HeddleDemoLabel topic = { (char *) question, NULL };
  g_auto (Target) target = { 0 };
  guint neutral = find_label (labels, is_neutral);
  double score = 0;

  target_init (&target, &topic);
  for (guint i = 0; i < features->len; i++)
    score += score_stem (&target, g_ptr_array_index (features, i));
  if (affirmation < labels->len && score >= 1)
    return affirmation;
  return neutral < labels->len ? neutral : labels->len - 1;
}

static guint
choose_by_meaning (GPtrArray *labels,
                   const char *text)
{
  g_autoptr (GPtrArray) features = collect_features (text);
  int sentiment = heddle_demo_sentiment (text);
  guint best = find_label (labels, is_neutral);
  double best_score = 0.2;

  if (best == labels->len)
    {
      best = 0;
      best_score = -G_MAXDOUBLE;
    }
  for (guint i = 0; i < labels->len; i++)
    {
      double score = score_label (g_ptr_array_index (labels, i), features, sentiment);

      if (score > best_score)
        {
          best = i;
          best_score = score;
        }
    }
  return best;
}

guint
heddle_demo_choose_label (GPtrArray *labels,
                          const char *text,
                          const char *question)
{
  g_assert (labels->len > 0);

  if (all_labels (labels, is_number))
    return choose_grade (labels, text);
  if (all_labels (labels, is_verdict))
    return choose_verdict (labels, text, question);
  if (all_labels (labels, is_language) && !all_labels (labels, is_neutral))
    return choose_language (labels, text);
  return choose_by_meaning (labels, text);
}
