/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"
#include "provider/heddle-rates.h"

G_BEGIN_DECLS

/* The limits of providers, kept in the settings. Thread-safe. */
typedef struct _HeddleLimits HeddleLimits;

HeddleLimits *heddle_limits_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT; /* NULL: nothing is kept */
void heddle_limits_free (HeddleLimits *self);
HeddleRates *heddle_limits_get_rates (HeddleLimits *self);
/* FALSE: there are none, and *limits is all 0. */
gboolean heddle_limits_lookup (HeddleLimits *self, const char *provider, HeddleRateLimits *limits);
gboolean heddle_limits_set (HeddleLimits *self, const char *provider, const HeddleRateLimits *limits, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleLimits, heddle_limits_free)

G_END_DECLS
