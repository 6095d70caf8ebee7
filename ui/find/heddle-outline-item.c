/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-item.h"

struct _HeddleOutlineItem
{
  GObject parent_instance;

  HeddleOutlineKind kind;
  char *id;
  char *from_port;
  char *to;
  char *to_port;
  GListStore *children;
  gboolean expanded;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleOutlineItem, heddle_outline_item, G_TYPE_OBJECT)

HeddleOutlineItem *
heddle_outline_item_new (HeddleOutlineKind kind,
                         const char *id)
{
  HeddleOutlineItem *self = g_object_new (HEDDLE_TYPE_OUTLINE_ITEM, NULL);

  self->kind = kind;
  self->id = g_strdup (id);
  return self;
}

HeddleOutlineItem *
heddle_outline_item_new_connection (const HeddleEdge *edge)
{
  HeddleOutlineItem *self = heddle_outline_item_new (HEDDLE_OUTLINE_CONNECTION, edge->from);

  self->from_port = g_strdup (edge->from_port);
  self->to = g_strdup (edge->to);
  self->to_port = g_strdup (edge->to_port);
  return self;
}

HeddleOutlineKind
heddle_outline_item_get_kind (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), HEDDLE_OUTLINE_NODE);

  return self->kind;
}

const char *
heddle_outline_item_get_id (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), NULL);

  return self->id;
}

const char *
heddle_outline_item_get_from_port (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), NULL);

  return self->from_port;
}

const char *
heddle_outline_item_get_to (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), NULL);

  return self->to;
}

const char *
heddle_outline_item_get_to_port (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), NULL);

  return self->to_port;
}

GListStore *
heddle_outline_item_get_children (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), NULL);

  return self->children;
}

gboolean
heddle_outline_item_set_has_children (HeddleOutlineItem *self,
                                      gboolean has_children)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), FALSE);

  if (has_children == (self->children != NULL))
    return FALSE;
  g_clear_object (&self->children);
  if (has_children)
    self->children = g_list_store_new (HEDDLE_TYPE_OUTLINE_ITEM);
  return TRUE;
}

gboolean
heddle_outline_item_is_expanded (HeddleOutlineItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ITEM (self), FALSE);

  return self->expanded;
}

void
heddle_outline_item_set_expanded (HeddleOutlineItem *self,
                                  gboolean expanded)
{
  g_return_if_fail (HEDDLE_IS_OUTLINE_ITEM (self));

  self->expanded = expanded;
}

void
heddle_outline_item_emit_changed (HeddleOutlineItem *self)
{
  g_return_if_fail (HEDDLE_IS_OUTLINE_ITEM (self));

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
heddle_outline_item_finalize (GObject *object)
{
  HeddleOutlineItem *self = HEDDLE_OUTLINE_ITEM (object);

  g_free (self->id);
  g_free (self->from_port);
  g_free (self->to);
  g_free (self->to_port);
  g_clear_object (&self->children);
  G_OBJECT_CLASS (heddle_outline_item_parent_class)->finalize (object);
}

static void
heddle_outline_item_class_init (HeddleOutlineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_outline_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_outline_item_init (HeddleOutlineItem *self)
{
}
