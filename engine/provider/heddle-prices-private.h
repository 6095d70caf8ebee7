/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-prices.h"

G_BEGIN_DECLS

#define HEDDLE_PRICE_NAME_MAX 200

/* "provider/model" of printable characters; a star only at the end. */
gboolean heddle_price_name_is_valid (const char *name);
/* LiteLLM's list: name → HeddlePrice*, owned. Names are references whose provider is LiteLLM's own word for it. */
GHashTable *heddle_prices_read_litellm (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* LiteLLM's word for the provider whose servers have this host, or NULL. */
const char *heddle_prices_find_family (const char *host);

G_END_DECLS
