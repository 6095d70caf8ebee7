/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a credential is chosen, as one translated line each: providers, MCP servers, knowledge bases and stored workflows. */
void heddle_credential_uses_async (const HeddleServices *services, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* A strv that may be empty; an error where something could not be read. */
char **heddle_credential_uses_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
