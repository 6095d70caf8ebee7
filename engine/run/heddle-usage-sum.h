/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* Tokens of all spans of a run, those of failed and cancelled attempts included. -1: none was told. */
typedef struct
{
  gint64 input_tokens;
  gint64 output_tokens;
  gboolean estimated;
} HeddleUsageSum;

void heddle_usage_sum_init (HeddleUsageSum *sum);
/* usage: {"input_tokens","output_tokens","estimated"}, or NULL. */
void heddle_usage_sum_add (HeddleUsageSum *sum, JsonNode *usage);
/* NULL when nothing was added. */
JsonNode *heddle_usage_sum_to_json (const HeddleUsageSum *sum) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
