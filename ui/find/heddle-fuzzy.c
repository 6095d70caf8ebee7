/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-fuzzy.h"

#define MAX_TYPED 64
#define MAX_TEXT 256

#define AT_START 24
#define AT_WORD 14
#define FOLLOWS 16
#define FOUND 2
#define MAX_LENGTH_LOSS 12

typedef struct
{
  gunichar characters[MAX_TEXT];
  gboolean begins_word[MAX_TEXT];
  guint length;
} Text;

static void
read_text (const char *text,
           Text *read)
{
  gboolean was_letter = FALSE;

  read->length = 0;
  for (const char *at = text; *at != '\0' && read->length < MAX_TEXT; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      read->characters[read->length] = g_unichar_tolower (character);
      read->begins_word[read->length] = g_unichar_isalnum (character) && (!was_letter || g_unichar_isupper (character));
      was_letter = g_unichar_isalnum (character);
      read->length++;
    }
}

static guint
read_typed (const char *typed,
            gunichar *characters)
{
  guint length = 0;

  for (const char *at = typed; *at != '\0' && length < MAX_TYPED; at = g_utf8_next_char (at))
    if (!g_unichar_isspace (g_utf8_get_char (at)))
      characters[length++] = g_unichar_tolower (g_utf8_get_char (at));
  return length;
}

/* Where a character comes next: at the beginning of a word before anywhere else, unless it follows at once. -1: nowhere. */
static int
find_next (const Text *text,
           guint from,
           gboolean is_first,
           gunichar character)
{
  int found = -1;

  if (!is_first && from < text->length && text->characters[from] == character)
    return (int) from;
  for (guint i = from; i < text->length; i++)
    {
      if (text->characters[i] != character)
        continue;
      if (text->begins_word[i])
        return (int) i;
      if (found < 0)
        found = (int) i;
    }
  return found;
}

static int
rate (const Text *text,
      guint position,
      guint expected)
{
  if (position == 0)
    return AT_START;
  if (position == expected)
    return FOLLOWS;
  return text->begins_word[position] ? AT_WORD : FOUND;
}

/* From a place on; greedy is not the best there is, so a leap to a word that leaves the rest behind is tried without, too. */
static int
score_from (const Text *text,
            const gunichar *typed,
            guint n_typed,
            gboolean leap)
{
  int score = 0;
  guint from = 0;

  for (guint i = 0; i < n_typed; i++)
    {
      int position = -1;

      if (leap)
        position = find_next (text, from, i == 0, typed[i]);
      for (guint j = from; !leap && position < 0 && j < text->length; j++)
        if (text->characters[j] == typed[i])
          position = (int) j;
      if (position < 0)
        return -1;
      score += rate (text, (guint) position, i > 0 ? from : G_MAXUINT);
      from = (guint) position + 1;
    }
  return score;
}

int
heddle_fuzzy_score (const char *typed,
                    const char *text)
{
  gunichar characters[MAX_TYPED];
  guint n_typed;
  int score;
  Text read;

  g_return_val_if_fail (typed != NULL && text != NULL, -1);

  n_typed = read_typed (typed, characters);
  if (n_typed == 0)
    return 0;
  read_text (text, &read);
  score = MAX (score_from (&read, characters, n_typed, TRUE), score_from (&read, characters, n_typed, FALSE));
  if (score < 0)
    return -1;
  return MAX (score * 4 - (int) MIN (read.length, MAX_LENGTH_LOSS * 4) / 4, 0);
}
