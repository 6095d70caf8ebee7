/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "palette/heddle-node-match.h"

#include <string.h>

static gboolean
contains (const char *text,
          const char *word)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, word) != NULL;
}

static guint
rank (const char *title,
      const char *keywords,
      const char *search)
{
  g_autofree char *folded_title = g_utf8_casefold (title, -1);
  g_autofree char *folded = g_utf8_casefold (search, -1);
  const char *wanted = g_strstrip (folded);

  if (g_str_has_prefix (folded_title, wanted))
    return 0;
  if (strstr (folded_title, wanted) != NULL)
    return 1;
  return keywords != NULL && contains (keywords, wanted) ? 2 : 3;
}

guint
heddle_node_match_rank (const HeddleNodeType *type,
                        const char *search)
{
  return rank (_ (type->title), type->keywords != NULL ? _ (type->keywords) : NULL, search);
}

guint
heddle_template_match_rank (const HeddleTemplateInfo *info,
                            const char *search)
{
  return rank (info->name, NULL, search);
}

gboolean
heddle_node_match (const HeddleNodeType *type,
                   const char *search)
{
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!contains (_ (type->title), words[i]) && !contains (_ (type->summary), words[i]) &&
          !contains (type->id, words[i]) && !(type->keywords != NULL && contains (_ (type->keywords), words[i])))
        return FALSE;
    }
  return TRUE;
}

gboolean
heddle_template_match (const HeddleTemplateInfo *info,
                       const char *search)
{
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!contains (info->name, words[i]) && !contains (info->description, words[i]))
        return FALSE;
    }
  return TRUE;
}
