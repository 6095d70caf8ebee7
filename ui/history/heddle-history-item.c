/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-history-item.h"

#include <glib/gi18n-lib.h>

struct _HeddleHistoryItem
{
  GObject parent_instance;

  gint64 id;
  char *title;
  char *subtitle;
  gint64 time;
  HeddleHistoryState state;
  char *group;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_GROUP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeddleHistoryItem, heddle_history_item, G_TYPE_OBJECT)

static void
heddle_history_item_get_property (GObject *object,
                                  guint property_id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  HeddleHistoryItem *self = HEDDLE_HISTORY_ITEM (object);

  if (property_id == PROP_STATE)
    g_value_set_uint (value, self->state);
  else
    g_value_set_string (value, self->group);
}

static void
heddle_history_item_finalize (GObject *object)
{
  HeddleHistoryItem *self = HEDDLE_HISTORY_ITEM (object);

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->group);
  G_OBJECT_CLASS (heddle_history_item_parent_class)->finalize (object);
}

static void
heddle_history_item_class_init (HeddleHistoryItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = heddle_history_item_get_property;
  object_class->finalize = heddle_history_item_finalize;
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, HEDDLE_HISTORY_UNDONE, 0, flags);
  properties[PROP_GROUP] = g_param_spec_string ("group", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
heddle_history_item_init (HeddleHistoryItem *self)
{
}

HeddleHistoryItem *
heddle_history_item_new (gint64 id,
                         const char *title,
                         const char *subtitle,
                         gint64 time)
{
  HeddleHistoryItem *self = g_object_new (HEDDLE_TYPE_HISTORY_ITEM, NULL);

  self->id = id;
  self->title = g_strdup (title);
  self->subtitle = g_strdup (subtitle);
  self->time = time;
  return self;
}

gint64
heddle_history_item_get_id (HeddleHistoryItem *self)
{
  return self->id;
}

const char *
heddle_history_item_get_title (HeddleHistoryItem *self)
{
  return self->title;
}

const char *
heddle_history_item_get_subtitle (HeddleHistoryItem *self)
{
  return self->subtitle;
}

gint64
heddle_history_item_get_time (HeddleHistoryItem *self)
{
  return self->time;
}

HeddleHistoryState
heddle_history_item_get_state (HeddleHistoryItem *self)
{
  return self->state;
}

void
heddle_history_item_set_state (HeddleHistoryItem *self,
                               HeddleHistoryState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

const char *
heddle_history_item_get_group (HeddleHistoryItem *self)
{
  return self->group;
}

void
heddle_history_item_set_group (HeddleHistoryItem *self,
                               const char *group)
{
  if (g_strcmp0 (self->group, group) == 0)
    return;
  g_free (self->group);
  self->group = g_strdup (group);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP]);
}

gboolean
heddle_history_item_equal (HeddleHistoryItem *self,
                           HeddleHistoryItem *other)
{
  return self->id == other->id && self->time == other->time && g_strcmp0 (self->title, other->title) == 0 &&
         g_strcmp0 (self->subtitle, other->subtitle) == 0;
}

static GDateTime *
to_local (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

static gboolean
is_day (GDateTime *time,
        GDateTime *day)
{
  return g_date_time_get_year (time) == g_date_time_get_year (day) && g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (day);
}

static char *
dup_group (gint64 time,
           GDateTime *now)
{
  g_autoptr (GDateTime) local = time > 0 ? to_local (time) : NULL;
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (local == NULL)
    return g_strdup (_ ("Earlier"));
  if (is_day (local, now))
    return g_strdup (_ ("Today"));
  if (is_day (local, yesterday))
    return g_strdup (_ ("Yesterday"));
  /* Translators: a day, see strftime(). */
  return g_date_time_format (local, g_date_time_get_year (local) == g_date_time_get_year (now) ? _ ("%A, %e %B") : _ ("%e %B %Y"));
}

void
heddle_history_items_group (GListModel *items)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *last = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (HeddleHistoryItem) item = g_list_model_get_item (items, i);
      g_autofree char *group = dup_group (item->time, now);

      heddle_history_item_set_group (item, g_strcmp0 (group, last) == 0 ? NULL : group);
      g_free (last);
      last = g_steal_pointer (&group);
    }
}

char *
heddle_history_format_time (gint64 time,
                            gboolean with_day)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) local = time > 0 ? to_local (time) : NULL;
  g_autofree char *text = NULL;

  if (local == NULL)
    return g_strdup ("");
  /* Translators: a time, see strftime(). */
  text = g_date_time_format (local, with_day && !is_day (local, now) ? _ ("%e %b, %H:%M") : _ ("%H:%M"));
  return g_strdup (g_strstrip (text));
}
