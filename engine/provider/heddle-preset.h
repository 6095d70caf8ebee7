/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-provider-private.h"

G_BEGIN_DECLS

/* A provider that exists because its usual environment variable is set. */
typedef struct
{
  char *id;
  char *kind;
  char *title;
  char *base_url;
  char *variable; /* the one that holds the key */
  char *key;      /* NULL: none is needed */
} HeddlePreset;

/* New array of HeddlePreset*, wiped when freed. */
GPtrArray *heddle_presets_read_environment (void) G_GNUC_WARN_UNUSED_RESULT;
/* With the key. */
HeddleEndpoint *heddle_endpoint_from_preset (const HeddlePreset *preset) G_GNUC_WARN_UNUSED_RESULT;
/* The variable that would make the provider exist; NULL when we know none. */
const char *heddle_preset_get_variable (const char *id);
/* Without spaces, final slashes and a pasted "/chat/completions". */
char *heddle_preset_normalise_url (const char *base_url) G_GNUC_WARN_UNUSED_RESULT;
/* The address for what OLLAMA_HOST may hold: "host", "host:port", ":port", a URL. */
char *heddle_preset_ollama_url (const char *host) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
