/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* Tokens and cost of all spans of a run, those of failed and cancelled attempts included. -1: none was told. */
typedef struct
{
  gint64 input_tokens;
  gint64 output_tokens;
  gint64 cost; /* nano-USD, of what has a known price */
  gboolean estimated;
  gboolean cost_partly_unknown; /* something else was used as well */
} HeddleUsageSum;

void heddle_usage_sum_init (HeddleUsageSum *sum);
/* usage: {"input_tokens","output_tokens","cost","estimated"}, or NULL. */
void heddle_usage_sum_add (HeddleUsageSum *sum, JsonNode *usage);
/* a and b together; either may be what is still going on. */
HeddleUsageSum heddle_usage_sum_join (const HeddleUsageSum *a, const HeddleUsageSum *b);
/* Input and output; 0 when none was told. */
gint64 heddle_usage_sum_get_tokens (const HeddleUsageSum *sum);
/* The same members, and "cost_partly_unknown" where that is so. NULL when nothing was added. */
JsonNode *heddle_usage_sum_to_json (const HeddleUsageSum *sum) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
