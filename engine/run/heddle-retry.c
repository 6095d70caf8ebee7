/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-retry.h"

#include "heddle-error.h"

#define MAX_DELAY_MS 60000
/* Who is told to wait longer than this wants to know rather than wait. */
#define MAX_RETRY_AFTER_MS 120000

static gboolean
is_harmless (const HeddleNodeType *type, JsonNode *params)
{
  HeddleEffect effect = type->effect;

  if (type->get_effect != NULL && params != NULL)
    effect = type->get_effect (json_node_get_object (params));
  return effect == HEDDLE_EFFECT_READ;
}

static guint
backoff (guint attempt, guint base_ms)
{
  guint delay = base_ms;

  for (guint i = 1; i < attempt && delay < MAX_DELAY_MS; i++)
    delay *= 2;
  delay = MIN (delay, MAX_DELAY_MS);
  return delay / 2 + (guint) g_random_int_range (0, (gint32) (delay / 2 + 1));
}

gboolean
heddle_retry_is_due (const HeddleNodeType *type, JsonNode *params, const GError *error, guint attempt, guint base_ms, guint *delay_ms)
{
  const HeddleErrorDetail *detail = heddle_error_detail (error);
  gint64 wanted = detail != NULL ? detail->retry_after : -1;

  if (attempt >= HEDDLE_RETRY_MAX_ATTEMPTS || !heddle_error_is_retryable (error) || !is_harmless (type, params))
    return FALSE;
  if (wanted > MAX_RETRY_AFTER_MS)
    return FALSE;
  *delay_ms = wanted >= 0 ? (guint) wanted : backoff (attempt, base_ms);
  return TRUE;
}
