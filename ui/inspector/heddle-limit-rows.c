/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-limit-rows.h"

#include "common/heddle-follow.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

struct _HeddleLimitRows
{
  GtkWidget parent_instance;

  GtkWidget *group;
  GPtrArray *rows; /* AdwEntryRow, owned by the group; as the limits */
  const HeddleLimit *limits;
  char *setting;
  char *undo_label;
  HeddleDocument *document;
};

G_DEFINE_FINAL_TYPE (HeddleLimitRows, heddle_limit_rows, GTK_TYPE_WIDGET)

static JsonNode *
get_setting (HeddleLimitRows *self)
{
  return json_object_get_member (heddle_graph_get_settings (heddle_document_get_graph (self->document)), self->setting);
}

static void
update (HeddleLimitRows *self)
{
  if (self->document == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      JsonNode *value = heddle_json_member (get_setting (self), self->limits[i].member);
      g_autofree char *text = value != NULL ? heddle_json_to_display (value) : NULL;

      heddle_editable_set_text (GTK_EDITABLE (row), text);
      gtk_widget_remove_css_class (row, "error");
      gtk_widget_set_tooltip_text (row, NULL);
    }
}

/* FALSE: it is no limit. *value NULL: none is wanted. */
static gboolean
read_limit (const HeddleLimit *limit,
            const char *text,
            JsonNode **value)
{
  g_autofree char *number = g_strstrip (g_strdup (text));
  gint64 money;
  guint64 count;

  *value = NULL;
  if (number[0] == '\0')
    return TRUE;
  if (limit->is_money)
    {
      if (!heddle_money_parse (number, &money))
        return FALSE;
      *value = heddle_json_double (heddle_money_to_usd (money));
      return TRUE;
    }
  if (!g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT32, &count, NULL))
    return FALSE;
  *value = heddle_json_int (count);
  return TRUE;
}

static JsonNode *
change_member (JsonNode *setting,
               const char *member,
               JsonNode *value)
{
  JsonObject *object = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *old;

  if (setting != NULL && JSON_NODE_HOLDS_OBJECT (setting))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (setting));
      while (json_object_iter_next_ordered (&iter, &name, &old))
        json_object_set_member (object, name, json_node_ref (old));
    }
  if (value != NULL)
    json_object_set_member (object, member, value);
  else
    json_object_remove_member (object, member);
  return heddle_json_object (object);
}

static void
apply_cb (HeddleLimitRows *self,
          AdwEntryRow *row)
{
  const HeddleLimit *limit = g_object_get_data (G_OBJECT (row), "heddle-limit");
  g_autoptr (JsonNode) setting = NULL;
  JsonNode *value;

  if (self->document == NULL)
    return;
  if (!read_limit (limit, gtk_editable_get_text (GTK_EDITABLE (row)), &value))
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      gtk_widget_set_tooltip_text (GTK_WIDGET (row), _ ("Type a number of zero or more, or nothing for no limit."));
      return;
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), NULL);
  setting = change_member (get_setting (self), limit->member, value);
  heddle_document_set_setting (self->document, self->setting, self->undo_label, json_object_get_size (json_node_get_object (setting)) > 0 ? setting : NULL);
}

void
heddle_limit_rows_set_document (HeddleLimitRows *self,
                                HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_LIMIT_ROWS (self));

  if (!heddle_follow_document (self, &self->document, document, G_CALLBACK (update)))
    return;
  update (self);
}

void
heddle_limit_rows_set_description (HeddleLimitRows *self,
                                   const char *text)
{
  g_return_if_fail (HEDDLE_IS_LIMIT_ROWS (self));

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group), text);
}

static void
add_row (HeddleLimitRows *self,
         const HeddleLimit *limit)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (limit->title));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "heddle-limit", (gpointer) limit);
  g_signal_connect_object (row, "apply", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row);
  g_ptr_array_add (self->rows, row);
}

GtkWidget *
heddle_limit_rows_new (const char *title,
                       const char *setting,
                       const char *undo_label,
                       const HeddleLimit *limits)
{
  HeddleLimitRows *self = g_object_new (HEDDLE_TYPE_LIMIT_ROWS, NULL);

  self->limits = limits;
  self->setting = g_strdup (setting);
  self->undo_label = g_strdup (undo_label);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group), title);
  for (guint i = 0; limits[i].member != NULL; i++)
    add_row (self, &limits[i]);
  return GTK_WIDGET (self);
}

static void
heddle_limit_rows_dispose (GObject *object)
{
  HeddleLimitRows *self = HEDDLE_LIMIT_ROWS (object);

  heddle_limit_rows_set_document (self, NULL);
  g_clear_pointer (&self->group, gtk_widget_unparent);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->setting, g_free);
  g_clear_pointer (&self->undo_label, g_free);
  G_OBJECT_CLASS (heddle_limit_rows_parent_class)->dispose (object);
}

static void
heddle_limit_rows_class_init (HeddleLimitRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_limit_rows_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_limit_rows_init (HeddleLimitRows *self)
{
  self->rows = g_ptr_array_new ();
  self->group = adw_preferences_group_new ();
  gtk_widget_set_parent (self->group, GTK_WIDGET (self));
  g_signal_connect_after (self, "map", G_CALLBACK (update), NULL);
}
