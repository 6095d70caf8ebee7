/* SPDX-License-Identifier: GPL-3.0-or-later */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "value/heddle-pattern.h"

#include "heddle-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_LENGTH 10000
#define MAX_PARENTHESES 100
#define HEAP_LIMIT (16 * 1024) /* KiB */

struct _HeddlePattern
{
  pcre2_code *code;
};

/* PCRE's own limit holds for one place in the text; with a text of n places it may be taken n times. So each step is counted. */
static int
count_step (pcre2_callout_block *block, void *data)
{
  gint64 *steps = data;

  return --*steps < 0 ? PCRE2_ERROR_MATCHLIMIT : 0;
}

HeddlePattern *
heddle_pattern_new (const char *source, GError **error)
{
  guint32 options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_AUTO_CALLOUT;
  pcre2_compile_context *context;
  HeddlePattern *self;
  pcre2_code *code;
  PCRE2_SIZE offset;
  int problem;

  g_return_val_if_fail (source != NULL, NULL);

  context = pcre2_compile_context_create (NULL);
  pcre2_set_parens_nest_limit (context, MAX_PARENTHESES);
  pcre2_set_max_pattern_length (context, MAX_LENGTH);
  code = pcre2_compile ((PCRE2_SPTR) source, PCRE2_ZERO_TERMINATED, options, &problem, &offset, context);
  pcre2_compile_context_free (context);
  if (code == NULL)
    {
      char reason[128];

      pcre2_get_error_message (problem, (PCRE2_UCHAR *) reason, sizeof reason);
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The regular expression “%.100s” is not valid at character %d: %s."), source,
                   (int) offset + 1, reason);
      return NULL;
    }
  self = g_new0 (HeddlePattern, 1);
  self->code = code;
  return self;
}

void
heddle_pattern_free (HeddlePattern *self)
{
  if (self == NULL)
    return;
  pcre2_code_free (self->code);
  g_free (self);
}

/* Below 0: no match, or an error. */
static int
find (const HeddlePattern *self, const char *text, gsize size, gsize from, pcre2_match_data *data, gint64 *steps, GError **error)
{
  pcre2_match_context *context = pcre2_match_context_create (NULL);
  int found;

  pcre2_set_callout (context, count_step, steps);
  pcre2_set_heap_limit (context, HEAP_LIMIT);
  found = pcre2_match (self->code, (PCRE2_SPTR) text, size, from, from > 0 ? PCRE2_NO_UTF_CHECK : 0, data, context);
  pcre2_match_context_free (context);
  if (found < 0 && found != PCRE2_ERROR_NOMATCH)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("A regular expression takes too many steps on this text. Make it simpler."));
  return found;
}

gboolean
heddle_pattern_matches (const HeddlePattern *self, const char *text, gint64 *steps, GError **error)
{
  pcre2_match_data *data;
  int found;

  g_return_val_if_fail (self != NULL && text != NULL && steps != NULL, FALSE);

  data = pcre2_match_data_create_from_pattern (self->code, NULL);
  found = find (self, text, strlen (text), 0, data, steps, error);
  pcre2_match_data_free (data);
  return found >= 0;
}

static gsize
next_place (const char *text, gsize size, const PCRE2_SIZE *range)
{
  if (range[1] > range[0] || range[1] >= size)
    return range[1] > range[0] ? range[1] : size + 1;
  return (gsize) (g_utf8_next_char (text + range[1]) - text);
}

/* Empty matches blacken nothing. */
static gboolean
replace_all (const HeddlePattern *self, const char *text, const char *replacement, pcre2_match_data *data, GString *out, gint64 *steps, GError **error)
{
  const PCRE2_SIZE *range = pcre2_get_ovector_pointer (data);
  GError *problem = NULL;
  gsize size = strlen (text);
  gsize written = 0;

  for (gsize from = 0; from <= size && find (self, text, size, from, data, steps, &problem) >= 0; from = next_place (text, size, range))
    {
      if (range[1] <= range[0] || range[0] < written)
        continue;
      g_string_append_len (out, text + written, (gssize) (range[0] - written));
      g_string_append (out, replacement);
      written = range[1];
    }
  g_string_append (out, text + written);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

char *
heddle_pattern_replace (const HeddlePattern *self, const char *text, const char *replacement, gint64 *steps, GError **error)
{
  pcre2_match_data *data;
  g_autoptr (GString) out = NULL;
  gboolean is_done;

  g_return_val_if_fail (self != NULL && text != NULL && replacement != NULL && steps != NULL, NULL);

  out = g_string_sized_new (strlen (text));
  data = pcre2_match_data_create_from_pattern (self->code, NULL);
  is_done = replace_all (self, text, replacement, data, out, steps, error);
  pcre2_match_data_free (data);
  return is_done ? g_strdup (out->str) : NULL;
}
