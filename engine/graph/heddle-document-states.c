/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>

#include "value/heddle-json.h"

/* Whether nodes take part in runs, and what is drawn without what is in it. */

static gboolean
is_same (JsonNode *a, JsonNode *b)
{
  return a == NULL || b == NULL ? a == b : heddle_json_equal (a, b);
}

/* Takes value. */
static void
set_state (HeddleDocument *self, const HeddleNode *node, const char *name, JsonNode *value)
{
  g_autofree char *key = g_strconcat (node->id, ".", name, NULL);
  g_autoptr (JsonNode) before = heddle_node_dup_state (node, name);
  g_autoptr (JsonNode) after = value;

  if (!is_same (before, after))
    heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_STATE, key, 0, g_steal_pointer (&before), g_steal_pointer (&after)));
}

static const char *
get_mode_label (HeddleNodeMode mode)
{
  switch (mode)
    {
    case HEDDLE_NODE_OFF:
      return _ ("Turn Off");
    case HEDDLE_NODE_BYPASS:
      return _ ("Bypass");
    case HEDDLE_NODE_ON:
    default:
      return _ ("Turn On");
    }
}

void
heddle_document_set_mode (HeddleDocument *self, const char *const *ids, HeddleNodeMode mode)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (ids != NULL);

  heddle_document_begin (self, get_mode_label (mode));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self), ids[i]);

      if (node != NULL)
        set_state (self, node, "mode", heddle_node_mode_to_json (mode));
    }
  heddle_document_end (self);
}

static void
collapse_annotation (HeddleDocument *self, const HeddleAnnotation *annotation, gboolean collapsed)
{
  static const char *const name[] = { "collapsed", NULL };
  HeddleAnnotation changed = *annotation;
  g_autoptr (JsonObject) extra = annotation->extra != NULL ? heddle_json_dup_extra (annotation->extra, name) : NULL;
  guint index = heddle_graph_get_annotation_index (heddle_document_get_graph (self), annotation->id);
  g_autoptr (JsonNode) before = heddle_annotation_to_json (annotation);
  g_autoptr (JsonNode) after = NULL;

  changed.collapsed = collapsed;
  changed.extra = extra;
  after = heddle_annotation_to_json (&changed);
  if (!heddle_json_equal (before, after))
    heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_ANNOTATION, annotation->id, index, g_steal_pointer (&before), g_steal_pointer (&after)));
}

void
heddle_document_set_collapsed (HeddleDocument *self, const char *id, gboolean collapsed)
{
  const HeddleNode *node;
  const HeddleAnnotation *annotation;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL);

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  annotation = heddle_graph_find_annotation (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL || annotation != NULL);

  heddle_document_begin (self, collapsed ? _ ("Collapse") : _ ("Expand"));
  if (node != NULL)
    set_state (self, node, "collapsed", collapsed ? heddle_json_boolean (TRUE) : NULL);
  else
    collapse_annotation (self, annotation, collapsed);
  heddle_document_end (self);
}
