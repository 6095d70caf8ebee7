/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"
#include "provider/heddle-rates.h"

G_BEGIN_DECLS

/* Limits by key, see heddle_models_dup_rate_key, kept in the settings. Thread-safe. */
typedef struct _HeddleLimits HeddleLimits;

HeddleLimits *heddle_limits_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT; /* NULL: nothing is kept */
void heddle_limits_free (HeddleLimits *self);
HeddleRates *heddle_limits_get_rates (HeddleLimits *self);
/* FALSE: there are none, and *limits is all 0. */
gboolean heddle_limits_lookup (HeddleLimits *self, const char *key, HeddleRateLimits *limits);
gboolean heddle_limits_set (HeddleLimits *self, const char *key, const HeddleRateLimits *limits, GError **error);
/* A provider that gets another credential keeps its limits, unless the credential has some. */
gboolean heddle_limits_carry_over (HeddleLimits *self, const char *from, const char *to, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleLimits, heddle_limits_free)

G_END_DECLS
