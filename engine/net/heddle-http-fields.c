/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-private.h"

#include <string.h>

static void
field_free (gpointer data)
{
  HeddleHttpField *field = data;

  if (field->is_secret)
    explicit_bzero (field->value, strlen (field->value));
  g_free (field->name);
  g_free (field->value);
  g_free (field);
}

GPtrArray *
heddle_http_fields_new (void)
{
  return g_ptr_array_new_with_free_func (field_free);
}

void
heddle_http_fields_add (GPtrArray *self,
                        const char *name,
                        const char *value,
                        gboolean is_secret)
{
  HeddleHttpField *field = g_new0 (HeddleHttpField, 1);

  field->name = g_strdup (name);
  field->value = g_strdup (value);
  field->is_secret = is_secret;
  g_ptr_array_add (self, field);
}

gboolean
heddle_http_fields_has (GPtrArray *self,
                        const char *name)
{
  for (guint i = 0; i < self->len; i++)
    {
      HeddleHttpField *field = g_ptr_array_index (self, i);

      if (g_ascii_strcasecmp (field->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

void
heddle_http_fields_keep_harmless (GPtrArray *self)
{
  for (guint i = self->len; i > 0; i--)
    {
      HeddleHttpField *field = g_ptr_array_index (self, i - 1);

      if (field->is_secret || !heddle_http_header_is_harmless (field->name))
        g_ptr_array_remove_index (self, i - 1);
    }
}

void
heddle_http_fields_remove_content (GPtrArray *self)
{
  for (guint i = self->len; i > 0; i--)
    {
      HeddleHttpField *field = g_ptr_array_index (self, i - 1);

      if (g_ascii_strncasecmp (field->name, "Content-", 8) == 0)
        g_ptr_array_remove_index (self, i - 1);
    }
}
