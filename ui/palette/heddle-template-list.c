/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "palette/heddle-template-list.h"

#include "run/heddle-store-watch.h"

#include <string.h>

struct _HeddleTemplateList
{
  GObject parent_instance;

  HeddleStore *store;
  HeddleStoreWatch *watch; /* NULL: it does not follow */
  GPtrArray *templates;
  gboolean reading;
  gboolean outdated; /* written to while it was being read */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleTemplateList, heddle_template_list, G_TYPE_OBJECT)

static gboolean
is_same (GPtrArray *a,
         GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const HeddleTemplateInfo *one = a->pdata[i];
      const HeddleTemplateInfo *other = b->pdata[i];

      if (strcmp (one->id, other->id) != 0 || one->modified != other->modified)
        return FALSE;
    }
  return TRUE;
}

static void read_all (HeddleTemplateList *self);

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (HeddleTemplateList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) templates = heddle_store_list_templates_finish (HEDDLE_STORE (object), result, &error);

  self->reading = FALSE;
  if (templates == NULL)
    g_debug ("Templates could not be read: %s", error->message);
  else if (!is_same (self->templates, templates))
    {
      g_ptr_array_unref (self->templates);
      self->templates = g_steal_pointer (&templates);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  if (self->outdated && self->watch != NULL)
    read_all (self);
}

static void
read_all (HeddleTemplateList *self)
{
  self->outdated = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  heddle_store_list_templates_async (self->store, NULL, listed_cb, g_object_ref (self));
}

static void
written_cb (gpointer data)
{
  read_all (data);
}

void
heddle_template_list_follow (HeddleTemplateList *self,
                             gboolean follow)
{
  g_return_if_fail (HEDDLE_IS_TEMPLATE_LIST (self));

  if (!follow)
    {
      g_clear_pointer (&self->watch, heddle_store_watch_free);
      return;
    }
  if (self->watch == NULL)
    self->watch = heddle_store_watch_new (self->store, written_cb, self);
  read_all (self);
}

GPtrArray *
heddle_template_list_get_all (HeddleTemplateList *self)
{
  g_return_val_if_fail (HEDDLE_IS_TEMPLATE_LIST (self), NULL);

  return self->templates;
}

const HeddleTemplateInfo *
heddle_template_list_find (HeddleTemplateList *self,
                           const char *id)
{
  g_return_val_if_fail (HEDDLE_IS_TEMPLATE_LIST (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->templates->len; i++)
    {
      const HeddleTemplateInfo *info = self->templates->pdata[i];

      if (strcmp (info->id, id) == 0)
        return info;
    }
  return NULL;
}

const HeddleTemplateInfo *
heddle_template_list_find_name (HeddleTemplateList *self,
                                const char *name)
{
  g_return_val_if_fail (HEDDLE_IS_TEMPLATE_LIST (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->templates->len; i++)
    {
      const HeddleTemplateInfo *info = self->templates->pdata[i];

      if (strcmp (info->name, name) == 0)
        return info;
    }
  return NULL;
}

HeddleTemplateList *
heddle_template_list_new (HeddleStore *store)
{
  HeddleTemplateList *self;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), NULL);

  self = g_object_new (HEDDLE_TYPE_TEMPLATE_LIST, NULL);
  self->store = g_object_ref (store);
  return self;
}

static void
heddle_template_list_finalize (GObject *object)
{
  HeddleTemplateList *self = HEDDLE_TEMPLATE_LIST (object);

  g_clear_pointer (&self->watch, heddle_store_watch_free);
  g_ptr_array_unref (self->templates);
  g_object_unref (self->store);
  G_OBJECT_CLASS (heddle_template_list_parent_class)->finalize (object);
}

static void
heddle_template_list_class_init (HeddleTemplateListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_template_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_template_list_init (HeddleTemplateList *self)
{
  self->templates = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_template_info_free);
}
