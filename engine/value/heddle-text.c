/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-text.h"

#include <string.h>

#define MAX_NAME 64 /* longer names are not compared */

gboolean
heddle_text_is_blank (const char *text)
{
  if (text == NULL)
    return TRUE;
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text == '\0';
}

guint
heddle_text_distance (const char *a, const char *b)
{
  guint rows[3][MAX_NAME + 1];
  guint *before = rows[0], *previous = rows[1], *current = rows[2];
  gsize a_length = strlen (a), b_length = strlen (b);

  if (a_length > MAX_NAME || b_length > MAX_NAME)
    return G_MAXUINT;
  for (gsize j = 0; j <= b_length; j++)
    previous[j] = before[j] = j;

  for (gsize i = 1; i <= a_length; i++)
    {
      guint *recycled = before;

      current[0] = i;
      for (gsize j = 1; j <= b_length; j++)
        {
          char x = g_ascii_tolower (a[i - 1]), y = g_ascii_tolower (b[j - 1]);

          current[j] = MIN (MIN (previous[j], current[j - 1]) + 1, previous[j - 1] + (x != y));
          if (i > 1 && j > 1 && x == g_ascii_tolower (b[j - 2]) && g_ascii_tolower (a[i - 2]) == y)
            current[j] = MIN (current[j], before[j - 2] + 1);
        }
      before = previous;
      previous = current;
      current = recycled;
    }
  return previous[b_length];
}
