/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-profile.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

static const HeddleProfile generic = {
  .id = "generic",
  .title = N_ ("Any"),
};

static const HeddleProfile openai = {
  .id = "openai",
  .title = "OpenAI",
  .host = "api.openai.com",
  .is_openai = TRUE,
};

static const HeddleProfile vllm = {
  .id = "vllm",
  .title = "vLLM",
  .port = 8000,
  .effort = HEDDLE_EFFORT_TEMPLATE,
};

static const HeddleProfile llama_cpp = {
  .id = "llama.cpp",
  .title = "llama.cpp",
  .port = 8080,
  .no_named_choice = TRUE,
  .schema_beside = TRUE,
  .says_parallel = TRUE,
  .effort = HEDDLE_EFFORT_TEMPLATE,
};

static const HeddleProfile lm_studio = {
  .id = "lm-studio",
  .title = "LM Studio",
  .port = 1234,
  .no_named_choice = TRUE,
  .no_json_object = TRUE,
};

static const HeddleProfile openrouter = {
  .id = "openrouter",
  .title = "OpenRouter",
  .host = "openrouter.ai",
  .reports_cost = TRUE,
  .echo_details = TRUE,
  .effort = HEDDLE_EFFORT_OBJECT,
};

static const HeddleProfile mistral = {
  .id = "mistral",
  .title = "Mistral",
  .host = "api.mistral.ai",
  .short_ids = TRUE,
  .no_stream_options = TRUE,
  .required_choice = "any",
  .effort = HEDDLE_EFFORT_NONE,
};

static const HeddleProfile deepseek = {
  .id = "deepseek",
  .title = "DeepSeek",
  .host = "api.deepseek.com",
  .no_json_schema = TRUE,
  .echo_reasoning = HEDDLE_ECHO_TOOL_TURNS,
  .effort = HEDDLE_EFFORT_NONE,
};

static const HeddleProfile ollama = {
  .id = "ollama",
  .title = "Ollama",
  .port = 11434,
  .no_named_choice = TRUE,
};

static const HeddleProfile *const profiles[] = {
  &generic, &openai, &vllm, &llama_cpp, &lm_studio, &openrouter, &mistral, &deepseek, &ollama, NULL
};

static gboolean
is_host (const char *host, const char *known)
{
  gsize length = strlen (host);
  gsize known_length = known == NULL ? 0 : strlen (known);

  if (known_length == 0 || length < known_length || g_ascii_strcasecmp (host + length - known_length, known) != 0)
    return FALSE;
  return length == known_length || host[length - known_length - 1] == '.';
}

/* A usual port says something only of a server in reach of this machine, not of one in the world. */
static gboolean
is_near (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address == NULL)
    return strchr (host, '.') == NULL;
  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address);
}

static gboolean
is_at (const HeddleProfile *profile, GUri *uri)
{
  const char *host = g_uri_get_host (uri);

  if (host == NULL)
    return FALSE;
  return is_host (host, profile->host) || (profile->port != 0 && g_uri_get_port (uri) == profile->port && is_near (host));
}

const HeddleProfile *
heddle_profile_find (const char *id, const char *base_url)
{
  g_autoptr (GUri) uri = base_url == NULL ? NULL : g_uri_parse (base_url, G_URI_FLAGS_NONE, NULL);

  for (guint i = 0; id != NULL && profiles[i] != NULL; i++)
    {
      if (strcmp (profiles[i]->id, id) == 0)
        return profiles[i];
    }
  for (guint i = 0; uri != NULL && profiles[i] != NULL; i++)
    {
      if (is_at (profiles[i], uri))
        return profiles[i];
    }
  return &generic;
}

const HeddleProfile *const *
heddle_profile_list (void)
{
  return profiles;
}
