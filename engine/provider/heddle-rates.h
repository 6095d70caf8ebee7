/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* How much a provider is asked for; 0: as much as there is. */
typedef struct
{
  guint parallel;            /* calls at once */
  guint requests_per_minute; /* in any sixty seconds, not on average */
  gint64 tokens_per_minute;  /* the same; one call that is more goes through alone */
} HeddleRateLimits;

/*
 * Lets calls through as limits allow, those of one key (a credential, or a provider without one) in the order they came. Thread-safe; a
 * call is let through in the context it was asked in.
 */
/* A call that was let through; NULL is one that needs no leave. */
typedef struct _HeddleRateCall HeddleRateCall;

HeddleRates *heddle_rates_new (void) G_GNUC_WARN_UNUSED_RESULT;
HeddleRates *heddle_rates_ref (HeddleRates *self);
void heddle_rates_unref (HeddleRates *self);

/*
 * tokens: about how many the call takes. waiting is told in the caller's context when it does not get through at once; may be NULL.
 * Limits of 0 let it through at once, unless the key is held.
 */
void heddle_rates_enter_async (HeddleRates *self, const char *key, const HeddleRateLimits *limits, gint64 tokens, void (*waiting) (gpointer data), gpointer waiting_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleRateCall *heddle_rates_enter_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The other side asked for a break: until it is over nothing more goes through by this key, whoever asks. A longer one that is
 * under way stays; one longer than HEDDLE_RATES_MOST_HOLD is not kept, so that who asks hears of it from the other side.
 */
#define HEDDLE_RATES_MOST_HOLD G_GINT64_CONSTANT (120000)
void heddle_rates_hold (HeddleRates *self, const char *key, gint64 milliseconds);
/* The call has ended; tokens: how many it took, -1 when that is not known. Takes the call. */
void heddle_rates_leave (HeddleRateCall *call, gint64 tokens);

/* For tests: time as they tell it, in microseconds, and a look at what may go through by now. */
void heddle_rates_set_clock (HeddleRates *self, gint64 (*now) (gpointer data), gpointer data);
void heddle_rates_look (HeddleRates *self);
/* How many keys it keeps in mind. */
guint heddle_rates_count (HeddleRates *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleRates, heddle_rates_unref)

G_END_DECLS
