/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * What one model call used, in disjoint parts: a token is counted in one of them only, however the
 * provider counts. -1: the provider did not say.
 */
typedef struct
{
  gint64 input; /* neither read from nor written to a cache */
  gint64 cache_read;
  gint64 cache_write;      /* kept for minutes */
  gint64 cache_write_long; /* kept for an hour */
  gint64 output;           /* without reasoning */
  gint64 reasoning;
  gint64 cost; /* nano-USD; -1: the price is unknown */
  gboolean estimated;
} HeddleUsage;

#define HEDDLE_USAGE_UNKNOWN ((HeddleUsage){ -1, -1, -1, -1, -1, -1, -1, FALSE })
/* Of no call at all; calls are added to it. */
#define HEDDLE_USAGE_NONE ((HeddleUsage){ -1, -1, -1, -1, -1, -1, 0, FALSE })

/* The cost of a sum is known when that of each part is. */
void heddle_usage_add (HeddleUsage *total, const HeddleUsage *usage);

/* Sums of the parts that are known; -1: none is. */
gint64 heddle_usage_get_input (const HeddleUsage *usage);
gint64 heddle_usage_get_output (const HeddleUsage *usage);

/*
 * {"input_tokens","output_tokens","total_tokens"} as sums, then what is known of "cached_tokens", "cache_write_tokens",
 * "reasoning_tokens", "cost" (nano-USD) and "estimated". Sealed. And back.
 */
JsonNode *heddle_usage_to_json (const HeddleUsage *usage) G_GNUC_WARN_UNUSED_RESULT;
HeddleUsage heddle_usage_from_json (JsonNode *json);

G_END_DECLS
