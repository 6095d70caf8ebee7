/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <string.h>

/* How people tell a model that it shall choose. */
#define CUE                                                                                                                                      \
  "(?i)\\b(one word|single word|one of|exactly one|classif\\w*|categor\\w*|class(?:es)?|labels?|either|choose|pick|select|"                      \
  "(?:reply|answer|respond|return|output|say|write)(?:ing)?\\b.{0,30}\\b(?:with|only|just|exactly)|(?:answer|reply|respond|return|output|say) |" \
  "options?|choices?|sentiment|route|routing|triage|decide|determine|intent|topics?|priority|urgency|tags?|whether|is (?:this|it)|which)\\b"
#define MAX_LABEL_WORDS 4
#define MAX_LABELS 40

static void
label_free (gpointer data)
{
  HeddleDemoLabel *label = data;

  g_free (label->name);
  g_free (label->description);
  g_free (label);
}

GPtrArray *
heddle_demo_labels_new (void)
{
  return g_ptr_array_new_with_free_func (label_free);
}

void
heddle_demo_labels_add (GPtrArray *labels,
                        const char *name,
                        const char *description)
{
  HeddleDemoLabel *label;

  for (guint i = 0; i < labels->len; i++)
    {
      label = g_ptr_array_index (labels, i);
      if (g_ascii_strcasecmp (label->name, name) == 0)
        return;
    }
  label = g_new0 (HeddleDemoLabel, 1);
  label->name = g_strdup (name);
  label->description = description == NULL ? NULL : g_strdup (description);
  g_ptr_array_add (labels, label);
}

static gboolean
matches (const char *pattern,
         const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_DOTALL, 0, NULL);

  return g_regex_match (regex, text, 0, NULL);
}

static guint
count_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  guint n_words = 0;

  for (char **word = words; *word != NULL; word++)
    n_words += **word != '\0';
  return n_words;
}

/* Without quotes, brackets and punctuation around it. */
static char *
clean_item (const char *item)
{
  static const char *const marks[] = { "\"", "'", "`", "*", "[", "]", "(", ")", "<", ">", "{", "}", ".", ":", "!", "?", ",", "“", "”", "‘", "’", "„" };
  char *text = g_strstrip (g_strdup (item));
  gboolean changed = TRUE;

  while (changed)
    {
      changed = FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
        {
          gsize length = strlen (marks[i]);

          if (g_str_has_prefix (text, marks[i]))
            {
              memmove (text, text + length, strlen (text) - length + 1);
              changed = TRUE;
            }
          else if (g_str_has_suffix (text, marks[i]))
            {
              text[strlen (text) - length] = '\0';
              changed = TRUE;
            }
        }
      g_strstrip (text);
    }
  return text;
}

static gboolean
is_label (const char *item)
{
  return *item != '\0' && count_words (item) <= MAX_LABEL_WORDS && matches ("^[\\p{L}\\p{N}][\\p{L}\\p{N} _&+'-]*$", item);
}

/* Without "one of" before a list and "(nothing else)" behind it. */
static char *
strip_asides (const char *text)
{
  g_autoptr (GRegex) aside = g_regex_new ("^\\s*(?:(?:exactly |only )?(?:one|any|either) of|either|one)\\s+(?:the following\\s+)?(?:(?:words?|labels?|categories|options):?\\s+)?|"
                                          "\\([^)]*\\)\\s*\\.?\\s*$|\\s+[—–-]+\\s.*$|"
                                          ";?\\s*(?:and )?(?:nothing else|no other (?:text|words?)|only|please)\\s*\\.?\\s*$",
                                          G_REGEX_CASELESS, 0, NULL);

  return g_regex_replace_literal (aside, text, -1, 0, "", 0, NULL);
}

/* "billing, technical support or other": NULL unless every part is fit to be a label. */
static GPtrArray *
parse_list (const char *text)
{
  g_autoptr (GPtrArray) labels = heddle_demo_labels_new ();
  g_autofree char *bare = NULL;
  g_auto (GStrv) parts = NULL;

  bare = strip_asides (text);
  parts = g_regex_split_simple ("\\s*(?:,|;|\\||/|\\n)\\s*(?:or |and )?\\s*|\\s+(?:or|and|oder)\\s+", bare, G_REGEX_CASELESS, 0);
  for (char **part = parts; *part != NULL; part++)
    {
      g_autofree char *item = clean_item (*part);

      if (*item == '\0')
        continue;
      if (!is_label (item) || labels->len == MAX_LABELS)
        return NULL;
      heddle_demo_labels_add (labels, item, NULL);
    }
  return labels->len >= 2 ? g_steal_pointer (&labels) : NULL;
}

/* "one word: a or b"; the part behind the colon, or what is in brackets. */
static GPtrArray *
labels_behind_colon (const char *sentence)
{
  const char *colon = strrchr (sentence, ':');

  return colon == NULL ? NULL : parse_list (colon + 1);
}

static GPtrArray *
labels_by_pattern (const char *sentence,
                   const char *pattern,
                   guint min_labels)
{
  g_autoptr (GPtrArray) labels = heddle_demo_labels_new ();
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, sentence, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *found = g_match_info_fetch (match, 1);
      g_autofree char *item = clean_item (found);

      if (is_label (item) && labels->len < MAX_LABELS)
        heddle_demo_labels_add (labels, item, NULL);
    }
  return labels->len >= min_labels ? g_steal_pointer (&labels) : NULL;
}

static GPtrArray *
labels_by_group (const char *sentence,
                 const char *pattern)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, sentence, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *found = g_match_info_fetch (match, 1);
      GPtrArray *labels = parse_list (found);

      if (labels != NULL)
        return labels;
    }
  return NULL;
}

/* "a, b, c or d" in running text: one word each, unless there is a comma. */
static GPtrArray *
labels_in_line (const char *sentence)
{
  const char *lists = "\\b(?:of|as|either|is|are|between|into|with|say|to|from|choose|pick|select|reply|answer|return|output|labels?|categories|options?|"
                      "classes|word|words|whether|it|about|an?)\\s+"
                      "(?!following\\b)([\\p{L}\\p{N}_-]+(?:(?: [\\p{L}\\p{N}_-]+)?\\s*,\\s*[\\p{L}\\p{N}_-]+(?: [\\p{L}\\p{N}_-]+)?)+?\\s*,?\\s+(?:or|and|oder)\\s+[\\p{L}\\p{N}_-]+|"
                      "[\\p{L}\\p{N}_-]+\\s+(?:or|oder)\\s+(?:an? )?[\\p{L}\\p{N}_-]+)";
  const char *fallback = "([\\p{L}\\p{N}_-]+\\s+(?:or|oder)\\s+[\\p{L}\\p{N}_-]+)";
  GPtrArray *labels = labels_by_group (sentence, lists);

  return labels != NULL ? labels : labels_by_group (sentence, fallback);
}

static GPtrArray *
labels_of_sentence (const char *sentence)
{
  const char *quoted = "[\"“”'‘`„]([\\p{L}\\p{N}][\\p{L}\\p{N} _&-]{0,30})[\"“”'’`]";
  GPtrArray *labels;

  if (!matches (CUE, sentence))
    return NULL;
  labels = labels_by_pattern (sentence, quoted, 2);
  if (labels == NULL)
    labels = labels_behind_colon (sentence);
  if (labels == NULL)
    labels = labels_by_group (sentence, "[\\[({<]([^\\])}>]+)[\\])}>]");
  if (labels == NULL)
    labels = labels_by_group (sentence, "([\\p{L}\\p{N}_-]+(?:\\s*[|/]\\s*[\\p{L}\\p{N}_-]+)+)");
  return labels != NULL ? labels : labels_in_line (sentence);
}

/* The text of a bullet or numbered line; NULL when it is none. */
static char *
bullet_text (const char *line)
{
  g_autoptr (GRegex) regex = g_regex_new ("^\\s*(?:[-*•+]|\\d{1,2}[.)])\\s+(.+?)\\s*$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, line, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

/* "billing: payments and invoices" → name and description. */
static gboolean
add_bullet (GPtrArray *labels,
            const char *text)
{
  g_auto (GStrv) parts = g_regex_split_simple ("\\s*:\\s+|\\s+[-–—=]+>?\\s+|\\s+\\(", text, 0, 0);
  g_autofree char *name = clean_item (parts[0] == NULL ? "" : parts[0]);

  if (!is_label (name) || labels->len == MAX_LABELS)
    return FALSE;
  heddle_demo_labels_add (labels, name, parts[1] == NULL ? NULL : text + strlen (parts[0]));
  return TRUE;
}

static GPtrArray *
labels_of_bullets (const char *prompt,
                   char **rest)
{
  g_autoptr (GPtrArray) labels = heddle_demo_labels_new ();
  g_auto (GStrv) lines = g_strsplit (prompt, "\n", -1);
  GString *others = g_string_new (NULL);
  gboolean usable = matches (CUE, prompt);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *bullet = bullet_text (*line);

      if (bullet == NULL)
        g_string_append_printf (others, "%s\n", *line);
      else
        usable = usable && add_bullet (labels, bullet);
    }
  *rest = g_string_free (others, FALSE);
  return usable && labels->len >= 2 ? g_steal_pointer (&labels) : NULL;
}

/* "If it is about money answer billing, otherwise answer technical." An order without a condition, such as "Answer from the passages", names no label. */
static GPtrArray *
labels_of_conditions (const char *prompt)
{
#define VERB "(?:answer|reply|return|output|respond|say|write)(?: only)?(?: with)?(?: the word)? "
#define NO_LABEL "(?!(?:only|with|in|the|as|using|just|either|one|an?|exactly|json|to|this|it|and|or|from|so|that|briefly|if)\\b)"
  return labels_by_pattern (prompt, "\\b(?:if|when|for|otherwise|else)\\b[^.;\\n]{0,80}?\\b" VERB NO_LABEL "[\"'`]?([\\p{L}_-]+)", 2);
#undef VERB
#undef NO_LABEL
}

static char *
remove_text (const char *text,
             const char *part)
{
  const char *at = strstr (text, part);

  return at == NULL ? g_strdup (text) : g_strdup_printf ("%.*s%s", (int) (at - text), text, at + strlen (part));
}

/* The sentence lists labels before its colon, so that what stands behind is the matter: "Classify as a or b: the text". */
static GPtrArray *
labels_before_colon (const char *sentence,
                     char **head)
{
  const char *colon = strchr (sentence, ':');
  GPtrArray *labels;

  if (colon == NULL)
    return NULL;
  *head = g_strndup (sentence, colon + 1 - sentence);
  (*head)[colon - sentence] = '\0';
  labels = labels_of_sentence (*head);
  if (labels == NULL)
    g_clear_pointer (head, g_free);
  return labels;
}

GPtrArray *
heddle_demo_find_labels (const char *prompt,
                         char **rest)
{
  g_autoptr (GPtrArray) sentences = NULL;
  g_autofree char *others = NULL;
  GPtrArray *labels = labels_of_bullets (prompt, &others);

  if (labels != NULL)
    {
      *rest = g_steal_pointer (&others);
      return labels;
    }
  sentences = heddle_demo_list_sentences (prompt);
  for (guint i = 0; i < sentences->len; i++)
    {
      const char *sentence = g_ptr_array_index (sentences, i);
      g_autofree char *head = NULL;

      labels = labels_before_colon (sentence, &head);
      if (labels == NULL)
        labels = labels_of_sentence (sentence);
      if (labels == NULL)
        continue;
      *rest = remove_text (prompt, head == NULL ? sentence : head);
      return labels;
    }
  labels = labels_of_conditions (prompt);
  *rest = labels == NULL ? NULL : g_strdup ("");
  return labels;
}
