/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-usage.h"

G_BEGIN_DECLS

/*
 * What the tokens of a model cost, in pico-USD for one token, which is the same number as micro-USD for a million:
 * $0.15 for a million are 150000. Whole numbers, so that cost is exact. -1: not known.
 */
typedef struct
{
  gint64 input;
  gint64 output;
  gint64 cache_read;       /* -1: as input */
  gint64 cache_write;      /* -1: as input */
  gint64 cache_write_long; /* -1: as input, or unknown where writing for minutes has a price of its own */
  gint64 reasoning;        /* -1: as output */
} HeddlePriceParts;

typedef struct
{
  HeddlePriceParts base;
  gint64 tier_above;     /* a request with more input than this is paid by tier as a whole; -1: no tier */
  HeddlePriceParts tier; /* -1: as in base */
  gint64 context_window; /* tokens that the model takes in; -1: not known */
} HeddlePrice;

#define HEDDLE_PRICE_PARTS_UNKNOWN ((HeddlePriceParts){ -1, -1, -1, -1, -1, -1 })
#define HEDDLE_PRICE_UNKNOWN ((HeddlePrice){ HEDDLE_PRICE_PARTS_UNKNOWN, -1, HEDDLE_PRICE_PARTS_UNKNOWN, -1 })
/* The dearest price that is believed: a dollar for a token. */
#define HEDDLE_PRICE_MOST G_GINT64_CONSTANT (1000000000000)

/* Whether what goes in and what comes out have prices. */
gboolean heddle_price_is_known (const HeddlePrice *price);
/*
 * In nano-USD, rounded once at the end, half up. -1 when tokens were used that have no known price, or
 * when the provider did not say how many were used.
 */
gint64 heddle_price_get_cost (const HeddlePrice *price, const HeddleUsage *usage);

/* {"input","output",…} of what is known, in pico-USD; "tier_above" and "tier"; "context_window". Sealed. And back: what is no price is unknown. */
JsonNode *heddle_price_to_json (const HeddlePrice *price) G_GNUC_WARN_UNUSED_RESULT;
HeddlePrice heddle_price_from_json (JsonNode *json);

/* Of dollars for a token or for a million of them; -1 when that is no price. */
gint64 heddle_price_from_usd_per_token (double usd);
gint64 heddle_price_from_usd_per_million (double usd);
/* "0.15": dollars for a million tokens, without needless zeros, with a point; "" when unknown. */
char *heddle_price_to_text (gint64 price) G_GNUC_WARN_UNUSED_RESULT;
/* And back, comma or point, with or without "$"; "" is unknown (-1). FALSE when it is no price. */
gboolean heddle_price_from_text (const char *text, gint64 *price);

G_END_DECLS
