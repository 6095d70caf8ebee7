/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"
#include "provider/heddle-rates.h"

G_BEGIN_DECLS

/*
 * Limits of requests, of models and of nodes alike, kept in the settings: those of one key (a credential, or a provider that has none)
 * and those of every credential and every host. Refcounted, thread-safe.
 */
HeddleLimits *heddle_limits_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT; /* NULL: nothing is kept */
HeddleLimits *heddle_limits_ref (HeddleLimits *self);
void heddle_limits_unref (HeddleLimits *self);
/* Who is let through by them now. Borrowed. */
HeddleRates *heddle_limits_get_rates (HeddleLimits *self);
char *heddle_limits_dup_credential_key (const char *credential) G_GNUC_WARN_UNUSED_RESULT;

/* How many requests go out at once with one credential, and to one host, where nothing else is said. */
#define HEDDLE_LIMITS_PER_CREDENTIAL 8
#define HEDDLE_LIMITS_PER_HOST 64
#define HEDDLE_LIMITS_MOST_PARALLEL 10000
void heddle_limits_get_parallel (HeddleLimits *self, guint *per_credential, guint *per_host);
/* 0: the usual. */
gboolean heddle_limits_set_parallel (HeddleLimits *self, guint per_credential, guint per_host, GError **error);
/* What holds for a key, and for any host. */
void heddle_limits_get_effective (HeddleLimits *self, const char *key, HeddleRateLimits *limits);
void heddle_limits_get_host (HeddleLimits *self, HeddleRateLimits *limits);

/* FALSE: there are none, and *limits is all 0. */
gboolean heddle_limits_lookup (HeddleLimits *self, const char *key, HeddleRateLimits *limits);
gboolean heddle_limits_set (HeddleLimits *self, const char *key, const HeddleRateLimits *limits, GError **error);
/* A provider that gets another credential keeps its limits, unless the credential has some. */
gboolean heddle_limits_carry_over (HeddleLimits *self, const char *from, const char *to, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleLimits, heddle_limits_unref)

G_END_DECLS
