/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"

/* What containers do with their bodies. */

void
heddle_node_run_set_data (HeddleNodeRun *self, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL);

  if (self->destroy_data != NULL)
    self->destroy_data (self->data);
  self->data = data;
  self->destroy_data = destroy;
}

void
heddle_node_run_start_body (HeddleNodeRun *self, guint index, JsonNode *item, JsonNode *last, HeddleBodyFunc func, gpointer data)
{
  g_return_if_fail (self != NULL && item != NULL && func != NULL);

  heddle_node_run_fail (self, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The frame is empty. Drag nodes into it.")));
}

void
heddle_node_run_stop_bodies (HeddleNodeRun *self, const char *reason)
{
  g_return_if_fail (self != NULL);
}

JsonNode *
heddle_node_run_evaluate (HeddleNodeRun *self, const char *param, guint index, JsonNode *item, JsonNode *last, GError **error)
{
  g_return_val_if_fail (self != NULL && param != NULL, NULL);

  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The frame is empty. Drag nodes into it."));
  return NULL;
}

void
heddle_node_run_set_progress (HeddleNodeRun *self, int total, guint done, guint failed, guint running)
{
  g_return_if_fail (self != NULL);
}

void
heddle_node_run_set_limited (HeddleNodeRun *self)
{
  g_return_if_fail (self != NULL);

  self->limited = TRUE;
}
