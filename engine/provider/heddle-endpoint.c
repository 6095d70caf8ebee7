/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-models-private.h"

#include "net/heddle-http.h"
#include "provider/heddle-adapter.h"
#include "provider/heddle-preset.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BEARER "Bearer "

void
heddle_endpoint_free (HeddleEndpoint *self)
{
  if (self == NULL)
    return;
  if (self->header_value != NULL)
    explicit_bzero (self->header_value, strlen (self->header_value));
  g_free (self->header_value);
  g_free (self->header_name);
  g_free (self->provider);
  g_free (self->kind);
  g_free (self->profile);
  g_free (self->base_url);
  g_free (self->host);
  g_free (self->key_hint);
  g_free (self);
}

HeddleEndpoint *
heddle_endpoint_copy_public (const HeddleEndpoint *endpoint)
{
  HeddleEndpoint *copy = g_new0 (HeddleEndpoint, 1);

  copy->provider = g_strdup (endpoint->provider);
  copy->kind = g_strdup (endpoint->kind);
  copy->profile = g_strdup (endpoint->profile);
  copy->base_url = g_strdup (endpoint->base_url);
  copy->host = g_strdup (endpoint->host);
  copy->key_hint = g_strdup (endpoint->key_hint);
  return copy;
}

static HeddleEndpoint *
create_endpoint (const char *provider,
                 const char *kind,
                 const char *base_url)
{
  HeddleEndpoint *endpoint = g_new0 (HeddleEndpoint, 1);

  endpoint->provider = g_strdup (provider);
  endpoint->kind = g_strdup (kind);
  endpoint->base_url = heddle_preset_normalise_url (base_url);
  endpoint->host = heddle_http_dup_host (endpoint->base_url);
  return endpoint;
}

void
heddle_endpoint_set_header (HeddleEndpoint *endpoint,
                            const char *name,
                            const char *value)
{
  const HeddleAdapter *adapter = heddle_adapter_find (endpoint->kind);
  const char *key = g_str_has_prefix (value, BEARER) ? value + strlen (BEARER) : NULL;

  if (adapter != NULL && adapter->key_header != NULL && key != NULL && g_ascii_strcasecmp (name, "Authorization") == 0)
    {
      endpoint->header_name = g_strdup (adapter->key_header);
      endpoint->header_value = g_strdup (key);
      return;
    }
  endpoint->header_name = g_strdup (name);
  endpoint->header_value = g_strdup (value);
}

HeddleEndpoint *
heddle_endpoint_from_preset (const HeddlePreset *preset)
{
  HeddleEndpoint *endpoint = create_endpoint (preset->id, preset->kind, preset->base_url);

  endpoint->key_hint = g_strdup_printf (_ ("The key is read from the environment variable %s."), preset->variable);
  if (preset->key != NULL)
    {
      char *value = g_strconcat (BEARER, preset->key, NULL);

      heddle_endpoint_set_header (endpoint, "Authorization", value);
      explicit_bzero (value, strlen (value));
      g_free (value);
    }
  return endpoint;
}

HeddleEndpoint *
heddle_endpoint_from_info (const HeddleProviderInfo *info)
{
  HeddleEndpoint *endpoint = create_endpoint (info->id, info->kind, info->base_url);

  endpoint->profile = g_strdup (info->profile);
  if (info->credential != NULL)
    endpoint->key_hint = g_strdup_printf (_ ("Check the value of the credential “%s” in the preferences."), info->credential);
  else
    endpoint->key_hint = g_strdup_printf (_ ("Give the provider “%s” a credential in the preferences."), info->id);
  return endpoint;
}
