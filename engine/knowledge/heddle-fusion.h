/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-vectors.h"

G_BEGIN_DECLS

/* How many of each search are looked at; what neither has among these is not worth showing. */
#define HEDDLE_FUSION_DEPTH 100

typedef struct
{
  gint64 chunk;
  double score;
  double keyword_score; /* NaN: not found by that search */
  double vector_score;
} HeddleFusedHit;

/*
 * Reciprocal rank fusion (Cormack et al. 2009): ranks need no common scale, unlike scores. With one search only
 * (the other NULL) its scores stay. New array of HeddleFusedHit, best first.
 */
GArray *heddle_fuse_hits (GArray *keywords, GArray *vectors, guint limit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
