/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-setting.h"

#include <string.h>

static void
setting_free (gpointer data)
{
  HeddleMcpSetting *setting = data;

  if (setting->is_secret)
    explicit_bzero (setting->value, strlen (setting->value));
  g_free (setting->name);
  g_free (setting->value);
  g_free (setting);
}

GPtrArray *
heddle_mcp_settings_new (void)
{
  return g_ptr_array_new_with_free_func (setting_free);
}

void
heddle_mcp_settings_add (GPtrArray *self, const char *name, const char *value, gboolean is_secret)
{
  HeddleMcpSetting *setting = g_new0 (HeddleMcpSetting, 1);

  setting->name = g_strdup (name);
  setting->value = g_strdup (value);
  setting->is_secret = is_secret;
  g_ptr_array_add (self, setting);
}

GPtrArray *
heddle_mcp_settings_copy (GPtrArray *self)
{
  GPtrArray *copy = heddle_mcp_settings_new ();

  for (guint i = 0; self != NULL && i < self->len; i++)
    {
      const HeddleMcpSetting *setting = g_ptr_array_index (self, i);

      heddle_mcp_settings_add (copy, setting->name, setting->value, setting->is_secret);
    }
  return copy;
}
