/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-retry.h"

#include "heddle-error.h"
#include "provider/heddle-rates.h"
#include "run/heddle-intent.h"

/* All attempts where no policy says otherwise, the first included. */
#define DEFAULT_ATTEMPTS 3
#define MAX_DELAY_MS 60000
#define HTTP_OK 200
/* Who is told to wait longer than this wants to know rather than wait. */
#define MAX_RETRY_AFTER_MS HEDDLE_RATES_MOST_HOLD

static gboolean
is_harmless (const HeddleStep *step, JsonNode *params)
{
  return (step->policy != NULL && step->policy->retry_unsafe) || heddle_step_get_effect (step, params) != HEDDLE_EFFECT_UNSAFE;
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
heddle_retry_is_due (const HeddleStep *step, JsonNode *params, const GError *error, guint attempt, guint base_ms, guint *delay_ms)
{
  const HeddleErrorDetail *detail = heddle_error_detail (error);
  gint64 wanted = detail != NULL ? detail->retry_after : -1;
  const HeddlePolicy *policy = step->policy;
  guint max_attempts = policy != NULL ? (guint) policy->max_attempts : DEFAULT_ATTEMPTS;

  /* What is in a body has had its own attempts. */
  if (step->body != NULL && (policy == NULL || !policy->has_attempts))
    max_attempts = 1;
  /* A server for which all is well may have lost its answer once, but what it gives again and again costs the same each time. */
  if (detail != NULL && detail->http_status == HTTP_OK)
    max_attempts = MIN (max_attempts, 2);
  if (attempt >= max_attempts || !heddle_error_is_retryable (error) || !is_harmless (step, params))
    return FALSE;
  if (wanted > MAX_RETRY_AFTER_MS)
    return FALSE;
  if (policy != NULL && policy->retry_delay >= 0)
    base_ms = (guint) (policy->retry_delay * 1000);
  *delay_ms = wanted >= 0 ? (guint) wanted : backoff (attempt, base_ms);
  return TRUE;
}
