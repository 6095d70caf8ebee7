/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/*
 * Which workflows are active, and what their server has to remember. All calls block for less than a millisecond, unless
 * another process holds the database.
 */
typedef struct
{
  char *workflow;
  char *name;
  gint64 since;  /* µs since the epoch */
  gint64 source; /* the version that is served */
  gint64 latest; /* the one that was saved last */
} HeddleActivation;
void heddle_activation_free (HeddleActivation *activation);

/* By name. */
GPtrArray *heddle_store_list_activations (HeddleStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Serves what is saved now; also when it is active already. */
gboolean heddle_store_activate (HeddleStore *self, const char *workflow, GError **error);
gboolean heddle_store_deactivate (HeddleStore *self, const char *workflow, GError **error);
/* Another version of an active workflow is served from now on. */
gboolean heddle_store_pin_activation (HeddleStore *self, const char *workflow, gint64 source, GError **error);
/* The workflow's JSON at a version. */
char *heddle_store_load_source (HeddleStore *self, gint64 source, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Up to when a schedule has been seen to, seconds since the epoch; 0: it is new. */
gint64 heddle_store_get_schedule_mark (HeddleStore *self, const char *workflow, const char *node);
gboolean heddle_store_set_schedule_mark (HeddleStore *self, const char *workflow, const char *node, gint64 time, GError **error);

/*
 * The run that a request with this key is: the given one when the key is new, else the one it had before. Keys are
 * kept for a day. HEDDLE_ERROR_INVALID when it was another request that had the key.
 */
char *heddle_store_claim_request (HeddleStore *self, const char *workflow, const char *key, const char *hash, const char *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Who serves the database. */
typedef struct
{
  gint64 process;
  char *program; /* "heddle serve" */
  char *address; /* "http://127.0.0.1:8611" */
} HeddleServing;
void heddle_serving_free (HeddleServing *serving);

/* Makes this process the one that serves, unless another one is: then FALSE without error and *other, to be freed. */
gboolean heddle_store_claim_serving (HeddleStore *self, const char *program, const char *address, HeddleServing **other, GError **error);
void heddle_store_release_serving (HeddleStore *self);
/* NULL: nobody does. */
HeddleServing *heddle_store_get_serving (HeddleStore *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleActivation, heddle_activation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleServing, heddle_serving_free)

G_END_DECLS
