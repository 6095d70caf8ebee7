/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-look.h"

#include <string.h>

const char *
heddle_span_state_get_icon (HeddleSpanState state)
{
  static const char *const icons[] = {
    [HEDDLE_SPAN_PENDING] = "content-loading-symbolic",
    [HEDDLE_SPAN_READY] = "content-loading-symbolic",
    [HEDDLE_SPAN_RUNNING] = "media-playback-start-symbolic",
    [HEDDLE_SPAN_RETRY] = "view-refresh-symbolic",
    [HEDDLE_SPAN_ASKING] = "dialog-question-symbolic",
    [HEDDLE_SPAN_OK] = "object-select-symbolic",
    [HEDDLE_SPAN_FAILED] = "dialog-error-symbolic",
    [HEDDLE_SPAN_SKIPPED] = "list-remove-symbolic",
    [HEDDLE_SPAN_CANCELLED] = "media-playback-stop-symbolic",
    [HEDDLE_SPAN_HANDLED] = "dialog-warning-symbolic",
    [HEDDLE_SPAN_CACHED] = "edit-copy-symbolic",
    [HEDDLE_SPAN_LIMITED] = "dialog-warning-symbolic",
    [HEDDLE_SPAN_DOUBT] = "dialog-question-symbolic",
  };

  return icons[state];
}

const char *
heddle_span_state_get_class (HeddleSpanState state)
{
  static const char *const classes[] = {
    [HEDDLE_SPAN_PENDING] = "dim-label",
    [HEDDLE_SPAN_READY] = "dim-label",
    [HEDDLE_SPAN_RUNNING] = "accent",
    [HEDDLE_SPAN_RETRY] = "warning",
    [HEDDLE_SPAN_ASKING] = "warning",
    [HEDDLE_SPAN_OK] = "success",
    [HEDDLE_SPAN_FAILED] = "error",
    [HEDDLE_SPAN_SKIPPED] = "dim-label",
    [HEDDLE_SPAN_CANCELLED] = "warning",
    [HEDDLE_SPAN_HANDLED] = "warning",
    [HEDDLE_SPAN_CACHED] = "success",
    [HEDDLE_SPAN_LIMITED] = "warning",
    [HEDDLE_SPAN_DOUBT] = "warning",
  };

  return classes[state];
}

char *
heddle_span_dup_category_class (HeddleSpan *span)
{
  const char *type_id = heddle_span_get_type_id (heddle_span_get_item (span) >= 0 ? heddle_span_get_parent (span) : span);
  const HeddleNodeType *type = type_id != NULL ? heddle_registry_lookup (type_id) : NULL;
  const char *kind = heddle_span_get_kind (span);
  const char *category = "unknown";

  if (type != NULL)
    category = heddle_category_get_id (type->category);
  else if (strcmp (kind, "model") == 0)
    category = heddle_category_get_id (HEDDLE_CATEGORY_MODELS);
  else if (strcmp (kind, "run") != 0 && strcmp (kind, "pause") != 0)
    category = heddle_category_get_id (HEDDLE_CATEGORY_DATA);
  return g_strconcat ("category-", category, NULL);
}
