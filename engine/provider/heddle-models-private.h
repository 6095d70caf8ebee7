/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-limits.h"
#include "provider/heddle-provider-private.h"

G_BEGIN_DECLS

/* The endpoint of a provider other than demo, with its credential. */
void heddle_models_resolve_async (HeddleModels *self, const char *provider, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
const HeddleEndpoint *heddle_models_resolve_finish (GAsyncResult *result, GError **error); /* borrowed from the result */
/* Takes the names a provider listed, in place of those it had before. References, sorted. */
char **heddle_models_remember (HeddleModels *self, const char *provider, char **names) G_GNUC_WARN_UNUSED_RESULT;

/*
 * What limits of a provider are kept and calls are let through by: its credential, so that providers with the same one
 * share them, or else the provider itself.
 */
char *heddle_models_dup_rate_key (HeddleModels *self, const char *provider) G_GNUC_WARN_UNUSED_RESULT;
/* Where the provider of a reference is; NULL: there is none. */
char *heddle_models_dup_base_url (HeddleModels *self, const char *reference) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
