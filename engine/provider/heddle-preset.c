/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-preset.h"

#include <string.h>

#define OLLAMA_PORT 11434

static const struct
{
  const char *id;
  const char *kind;
  const char *title;
  const char *variable; /* the first that is set counts */
  const char *base_url;
} presets[] = {
  { "openai", "openai-compatible", "OpenAI", "OPENAI_API_KEY", "https://api.openai.com/v1" },
  { "openrouter", "openai-compatible", "OpenRouter", "OPENROUTER_API_KEY", "https://openrouter.ai/api/v1" },
  { "mistral", "openai-compatible", "Mistral", "MISTRAL_API_KEY", "https://api.mistral.ai/v1" },
  { "deepseek", "openai-compatible", "DeepSeek", "DEEPSEEK_API_KEY", "https://api.deepseek.com/v1" },
  { "groq", "openai-compatible", "Groq", "GROQ_API_KEY", "https://api.groq.com/openai/v1" },
  { "anthropic", "anthropic", "Anthropic", "ANTHROPIC_API_KEY", "https://api.anthropic.com" },
  { "gemini", "gemini", "Google Gemini", "GEMINI_API_KEY", "https://generativelanguage.googleapis.com" },
  { "gemini", "gemini", "Google Gemini", "GOOGLE_API_KEY", "https://generativelanguage.googleapis.com" },
};

static void
preset_free (gpointer data)
{
  HeddlePreset *preset = data;

  if (preset->key != NULL)
    explicit_bzero (preset->key, strlen (preset->key));
  g_free (preset->key);
  g_free (preset->id);
  g_free (preset->kind);
  g_free (preset->title);
  g_free (preset->base_url);
  g_free (preset->variable);
  g_free (preset);
}

static const char *
read_variable (const char *name)
{
  const char *value = g_getenv (name);

  return value == NULL || *value == '\0' ? NULL : value;
}

static gboolean
has_preset (GPtrArray *list,
            const char *id)
{
  for (guint i = 0; i < list->len; i++)
    {
      if (strcmp (((HeddlePreset *) g_ptr_array_index (list, i))->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_preset (GPtrArray *list,
            const char *id,
            const char *kind,
            const char *title,
            const char *variable,
            const char *base_url)
{
  HeddlePreset *preset = g_new0 (HeddlePreset, 1);
  const char *key = read_variable (variable);

  preset->id = g_strdup (id);
  preset->kind = g_strdup (kind);
  preset->title = g_strdup (title);
  preset->variable = g_strdup (variable);
  preset->base_url = heddle_preset_normalise_url (base_url);
  preset->key = key == NULL ? NULL : g_strstrip (g_strdup (key));
  g_ptr_array_add (list, preset);
}

GPtrArray *
heddle_presets_read_environment (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (preset_free);
  const char *openai_url = read_variable ("OPENAI_BASE_URL");
  const char *ollama_host = read_variable ("OLLAMA_HOST");

  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      /* A server on this machine needs no key, so that the address alone is enough. */
      const char *base_url = i == 0 && openai_url != NULL ? openai_url : presets[i].base_url;

      if ((read_variable (presets[i].variable) != NULL || base_url == openai_url) && !has_preset (list, presets[i].id))
        add_preset (list, presets[i].id, presets[i].kind, presets[i].title, presets[i].variable, base_url);
    }
  if (ollama_host != NULL)
    {
      g_autofree char *base_url = heddle_preset_ollama_url (ollama_host);

      add_preset (list, "ollama", "ollama", "Ollama", "OLLAMA_API_KEY", base_url);
    }
  return list;
}

const char *
heddle_preset_get_variable (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      if (strcmp (presets[i].id, id) == 0)
        return presets[i].variable;
    }
  return strcmp (id, "ollama") == 0 ? "OLLAMA_HOST" : NULL;
}

char *
heddle_preset_normalise_url (const char *base_url)
{
  static const char *const tails[] = { "/chat/completions", "/responses", "/messages", "/api/chat", "/embeddings", "/models" };
  char *url = g_strstrip (g_strdup (base_url == NULL ? "" : base_url));

  for (guint i = 0; i <= G_N_ELEMENTS (tails); i++)
    {
      gsize length = strlen (url);

      while (length > 0 && url[length - 1] == '/')
        url[--length] = '\0';
      if (i < G_N_ELEMENTS (tails) && g_str_has_suffix (url, tails[i]))
        url[length - strlen (tails[i])] = '\0';
    }
  return url;
}

char *
heddle_preset_ollama_url (const char *host)
{
  g_autofree char *trimmed = heddle_preset_normalise_url (host);
  gboolean has_scheme = strstr (trimmed, "://") != NULL;
  g_autofree char *url = has_scheme ? g_strdup (trimmed) : g_strconcat ("http://", *trimmed == ':' ? "127.0.0.1" : "", trimmed, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *name = uri == NULL ? NULL : g_uri_get_host (uri);
  int port = uri == NULL ? -1 : g_uri_get_port (uri);
  gboolean any = name != NULL && (strcmp (name, "0.0.0.0") == 0 || strcmp (name, "::") == 0);

  if (name == NULL || *name == '\0')
    return g_strdup_printf ("http://127.0.0.1:%d", OLLAMA_PORT);
  if (port < 0 && has_scheme)
    port = strcmp (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;
  return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, any ? "127.0.0.1" : name,
                     port < 0 ? OLLAMA_PORT : port, "", NULL, NULL);
}
