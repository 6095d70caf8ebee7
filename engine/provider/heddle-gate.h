/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-limits.h"

G_BEGIN_DECLS

/* The leave of one request: a place among those with its credential, and one among those to its host. */
typedef struct _HeddleGatePass HeddleGatePass;

/* A request that wants to go out, of a model or of a node. */
typedef struct
{
  const char *key;                 /* as heddle_limits_dup_credential_key () or the id of a provider has it; NULL: none */
  const char *url;                 /* its host counts; NULL: none */
  gint64 tokens;                   /* about how many it takes */
  void (*waiting) (gpointer data); /* told when it does not get through at once, maybe twice, in the caller's context; or NULL */
  gpointer waiting_data;
} HeddleGateEntry;

/* Lets a request through in the order they come, first by its key, then by its host. Fails with G_IO_ERROR_CANCELLED only. */
void heddle_gate_enter_async (HeddleLimits *limits, const HeddleGateEntry *entry, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleGatePass *heddle_gate_enter_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The request has ended. When its error (or NULL) says when to come again, nobody with the same key goes before that. tokens: how many
 * it took, -1: not known. Takes the pass.
 */
void heddle_gate_pass_leave (HeddleGatePass *pass, gint64 tokens, const GError *error);

G_END_DECLS
