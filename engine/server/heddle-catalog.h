/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"

G_BEGIN_DECLS

/* The workflows that are served, compiled, and what they listen to. One thread. */

typedef struct _HeddleServed HeddleServed;

typedef struct
{
  HeddleServed *workflow; /* borrowed */
  char *node;
  char *path;
  char *method; /* "any": whichever */
  char *auth;   /* "token", "signature", "none" */
  char *credential;
  char *signature_header;
  char *timestamp_header; /* or NULL */
  double tolerance;       /* seconds */
  gboolean at_once;
} HeddleHook;

/* One served workflow. Refcounted, as a run outlives its being served. */
struct _HeddleServed
{
  char *id;
  char *name;
  char *slug;
  HeddlePlan *plan;
  gint64 source;    /* the version; 0: a file */
  gint64 since;     /* µs since the epoch */
  JsonNode *fields; /* that its Input asks for; NULL without one */
  char *start;      /* the Input's id, or NULL */
  GPtrArray *hooks; /* of HeddleHook */
  char *problem;    /* why the version saved last is not the one that is served, or NULL */
};

HeddleServed *heddle_served_ref (HeddleServed *self);
void heddle_served_unref (HeddleServed *self);
/* A plan that nothing has been made active of. */
HeddleServed *heddle_served_new (HeddlePlan *plan) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _HeddleCatalog HeddleCatalog;

/* store may be NULL: only what is added. */
HeddleCatalog *heddle_catalog_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT;
void heddle_catalog_free (HeddleCatalog *self);
void heddle_catalog_add (HeddleCatalog *self, HeddlePlan *plan);
/* Takes over what was activated, deactivated and saved since; *changed says whether anything was. */
gboolean heddle_catalog_refresh (HeddleCatalog *self, gboolean *changed, GError **error);
/* By id, name or slug. Borrowed. */
HeddleServed *heddle_catalog_find (HeddleCatalog *self, const char *name);
const HeddleHook *heddle_catalog_find_hook (HeddleCatalog *self, const char *path);
guint heddle_catalog_get_n_workflows (HeddleCatalog *self);
HeddleServed *heddle_catalog_get_nth (HeddleCatalog *self, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleServed, heddle_served_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCatalog, heddle_catalog_free)

G_END_DECLS
