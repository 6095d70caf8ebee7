/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr.h"

#include <string.h>

/* Behind a quoted text that begins at p; the end when it is not closed. */
static const char *
skip_quoted (const char *p)
{
  char quote = *p++;

  for (; *p != '\0' && *p != quote; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
    }
  return *p == quote ? p + 1 : p;
}

/* The "}}" that closes, with braces counted and quoted text skipped; the end when there is none. */
static const char *
find_close (const char *p)
{
  guint depth = 0;

  while (*p != '\0')
    {
      if (depth == 0 && p[0] == '}' && p[1] == '}')
        return p;
      if (*p == '"' || *p == '\'' || *p == '`')
        {
          p = skip_quoted (p);
          continue;
        }
      if (*p == '{')
        depth++;
      else if (*p == '}' && depth > 0)
        depth--;
      p++;
    }
  return p;
}

/* While somebody types, a quote that is not closed yet must not swallow the rest of the text. */
static const char *
find_lenient_close (const char *p)
{
  const char *close = find_close (p);

  if (*close == '\0' && strstr (p, "}}") != NULL)
    close = strstr (p, "}}");
  return close;
}

GArray *
heddle_template_list_spans (const char *source)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (guint));
  const char *p;

  g_return_val_if_fail (source != NULL, spans);

  for (p = strstr (source, "{{"); p != NULL; p = strstr (p, "{{"))
    {
      const char *close;
      guint span[2];

      if (p > source && p[-1] == '\\')
        {
          p += 2;
          continue;
        }
      close = find_lenient_close (p + 2);
      span[0] = (guint) (p + 2 - source);
      span[1] = (guint) (close - source);
      g_array_append_vals (spans, span, 2);
      p = close;
    }
  return spans;
}
