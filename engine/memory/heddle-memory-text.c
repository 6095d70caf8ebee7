/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-text.h"

#include <string.h>

#include "value/heddle-text-keys.h"

/* What stands before something that nobody should remember for others. */
#define SECRET_WORDS "pass ?words?|passwor[dt]|kennwort|passphrase|passwd|pwd|secret|geheimnis|pin|puk|cvc|cvv|api ?keys?|access ?keys?|private ?keys?|(?:auth|access|api|bearer|session) ?tokens?|tokens?|client ?secrets?|credentials?"
#define MASK "•••"

/* A person, thing or account has one of these at a time. */
static const char *const functional_predicates[] = {
  "address", "age", "based in", "birthday", "company", "country", "date of birth", "deadline", "email", "email address",
  "employed by", "employer", "favorite color", "favourite colour", "full name", "has status", "headquartered in", "home town",
  "is called", "is located in", "job", "job title", "language", "lives at", "lives in", "located at", "located in",
  "manager", "married to", "name", "named", "nickname", "phone", "phone number", "plan", "price", "profession", "reports to",
  "resides in", "role", "speaks natively", "status", "subscription", "telephone", "time zone", "timezone", "title",
  "version", "works as", "works at", "works for"
};

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT;
}

/* Puts the parts between what func calls separators into out, with single spaces. */
static void
join_words (GString *out,
            const char *text,
            gboolean (*is_separator) (gunichar c),
            gsize max_chars)
{
  gboolean wants_space = FALSE;
  gsize n_chars = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_separator (c))
        {
          wants_space = out->len > 0;
          continue;
        }
      if (n_chars + wants_space >= max_chars)
        {
          g_string_append (out, "…");
          return;
        }
      if (wants_space)
        g_string_append_c (out, ' ');
      g_string_append_unichar (out, c);
      n_chars += 1 + wants_space;
      wants_space = FALSE;
    }
}

char *
heddle_memory_dup_line (const char *text,
                        gsize max_chars)
{
  GString *line = g_string_new (NULL);
  g_autofree char *valid = NULL;

  if (text == NULL)
    return g_string_free (line, FALSE);
  /* More than four bytes are no character, and four times as much of it may be blank. */
  valid = g_utf8_make_valid (text, strnlen (text, max_chars * 16));
  join_words (line, valid, is_blank, max_chars);
  return g_string_free (line, FALSE);
}

static gboolean
is_edge (gunichar c)
{
  return g_unichar_isspace (c) || (g_unichar_ispunct (c) && c != '#' && c != '+' && c != '@' && c != '%' && c != '$');
}

char *
heddle_memory_dup_key (const char *text)
{
  g_autofree char *line = heddle_memory_dup_line (text, HEDDLE_MEMORY_TEXT_CHARS);
  g_autofree char *folded = g_utf8_casefold (line, -1);
  g_autofree char *key = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
  const char *start = key;
  const char *end = key + strlen (key);

  while (start < end && is_edge (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (end > start && is_edge (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  /* A name of signs alone is its own key. */
  return start < end ? g_strndup (start, end - start) : g_steal_pointer (&key);
}

static gboolean
is_no_letter (gunichar c)
{
  return !g_unichar_isalnum (c) && !g_unichar_ismark (c) && c != '\'';
}

/* "worksAt" → "works At". */
static char *
split_camel_case (const char *text)
{
  GString *out = g_string_new (NULL);
  gunichar last = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isupper (c) && g_unichar_islower (last))
        g_string_append_c (out, ' ');
      g_string_append_unichar (out, c);
      last = c;
    }
  return g_string_free (out, FALSE);
}

char *
heddle_memory_dup_predicate (const char *text)
{
  g_autofree char *line = heddle_memory_dup_line (text, HEDDLE_MEMORY_PREDICATE_CHARS * 2);
  g_autofree char *words = split_camel_case (line);
  g_autofree char *lower = g_utf8_strdown (words, -1);
  GString *predicate = g_string_new (NULL);

  join_words (predicate, lower, is_no_letter, HEDDLE_MEMORY_PREDICATE_CHARS);
  return g_string_free (predicate, FALSE);
}

gboolean
heddle_memory_is_functional (const char *predicate)
{
  const char *rest = g_str_has_prefix (predicate, "has ") ? predicate + 4 : predicate;

  for (guint i = 0; i < G_N_ELEMENTS (functional_predicates); i++)
    {
      if (strcmp (functional_predicates[i], predicate) == 0 || strcmp (functional_predicates[i], rest) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
heddle_memory_is_secret (const char *predicate)
{
  static GRegex *regex;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("\\b(?:" SECRET_WORDS ")\\b", G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (regex, predicate, 0, NULL);
}

char *
heddle_memory_mask (const char *text)
{
  static GRegex *keys;
  static GRegex *told;
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *without_keys = NULL;
  char *masked;

  if (g_once_init_enter (&keys))
    g_once_init_leave (&keys, g_regex_new (HEDDLE_KEY_PATTERN, G_REGEX_OPTIMIZE, 0, NULL));
  /* "my password is hunter2", "PIN: 1234" */
  if (g_once_init_enter (&told))
    g_once_init_leave (&told, g_regex_new ("(\\b(?:" SECRET_WORDS ")\\b(?:\\s+(?:is|are|ist|lautet)\\b|\\s*[:=])\\s*)(?!(?:not|nicht)\\b)[\"'“„]?[^\\s,;]+",
                                           G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL));
  without_keys = g_regex_replace_literal (keys, valid, -1, 0, MASK, 0, NULL);
  masked = without_keys == NULL ? NULL : g_regex_replace (told, without_keys, -1, 0, "\\1" MASK, 0, NULL);
  /* What the expressions could not get through is not kept. */
  return masked != NULL ? masked : g_strdup ("");
}
