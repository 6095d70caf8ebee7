/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-models.h"

#include <string.h>

/* A server may put folders before the name, as in org/bge-m3. */
static gboolean
has_name (const char *model, const char *begin)
{
  const char *name = strrchr (model, '/');

  return g_str_has_prefix (name != NULL ? name + 1 : model, begin);
}

gboolean
heddle_models_is_embedding (const char *reference)
{
  static const char *const families[] = { "bge-", "gte-", "e5-", "multilingual-e5", "all-minilm", "all-mpnet", "voyage-" };
  g_autofree char *model = NULL;

  g_return_val_if_fail (reference != NULL, FALSE);

  /* The provider's own name says nothing of the model. */
  model = g_ascii_strdown (reference + strcspn (reference, "/"), -1);
  if (strstr (model, "embed") != NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (has_name (model, families[i]))
      return TRUE;
  return FALSE;
}
