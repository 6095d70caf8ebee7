/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-adapter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const HeddleAdapter *const adapters[] = {
  &heddle_openai_adapter,
  &heddle_responses_adapter,
  &heddle_anthropic_adapter,
  &heddle_gemini_adapter,
  &heddle_ollama_adapter,
  NULL
};

const HeddleAdapter *
heddle_adapter_find (const char *kind)
{
  for (guint i = 0; kind != NULL && adapters[i] != NULL; i++)
    {
      if (strcmp (adapters[i]->kind, kind) == 0)
        return adapters[i];
    }
  return NULL;
}

char *
heddle_adapter_dup_url (const HeddleAdapter *self,
                        const char *base_url,
                        const char *path)
{
  gboolean has_other = self->other_root != NULL && g_str_has_suffix (base_url, self->other_root);
  g_autofree char *base = g_strndup (base_url, strlen (base_url) - (has_other ? strlen (self->other_root) : 0));
  gboolean has_root = *self->root == '\0' || g_str_has_suffix (base, self->root);

  return g_strconcat (base, has_root ? "" : self->root, path, NULL);
}

gboolean
heddle_models_get_kind (guint index,
                        HeddleProviderChoice *choice)
{
  const HeddleAdapter *adapter;

  g_return_val_if_fail (choice != NULL, FALSE);

  adapter = index < G_N_ELEMENTS (adapters) ? adapters[index] : NULL;
  if (adapter == NULL)
    return FALSE;
  *choice = (HeddleProviderChoice){ adapter->kind, _ (adapter->title), adapter->default_url };
  return TRUE;
}

gboolean
heddle_models_get_profile (guint index,
                           HeddleProviderChoice *choice)
{
  const HeddleProfile *const *profiles = heddle_profile_list ();

  g_return_val_if_fail (choice != NULL, FALSE);

  for (guint i = 0; i <= index; i++)
    {
      if (profiles[i] == NULL)
        return FALSE;
    }
  *choice = (HeddleProviderChoice){ profiles[index]->id, _ (profiles[index]->title), NULL };
  return TRUE;
}
