/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-pool-rows.h"

#include "common/heddle-follow.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

#define SETTING "pools"
#define MAX_SLOTS 1000

struct _HeddlePoolRows
{
  GtkWidget parent_instance;

  GtkWidget *group;
  GtkWidget *add_row;
  GPtrArray *rows;  /* AdwActionRow, owned by the group */
  GPtrArray *names; /* char*, as the rows */
  HeddleDocument *document;
  gboolean updating; /* rows are being filled, not edited */
};

G_DEFINE_FINAL_TYPE (HeddlePoolRows, heddle_pool_rows, GTK_TYPE_WIDGET)

static JsonNode *
get_pools (HeddlePoolRows *self)
{
  return json_object_get_member (heddle_graph_get_settings (heddle_document_get_graph (self->document)), SETTING);
}

/* slots 0: the pool is left out. */
static void
set_slots (HeddlePoolRows *self,
           const char *name,
           int slots)
{
  JsonNode *old = get_pools (self);
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) pools = heddle_json_object (object);
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  if (old != NULL && JSON_NODE_HOLDS_OBJECT (old))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (old));
      while (json_object_iter_next_ordered (&iter, &member, &value))
        json_object_set_member (object, member, json_node_ref (value));
    }
  if (slots > 0)
    json_object_set_member (object, name, heddle_json_int (slots));
  else
    json_object_remove_member (object, name);
  heddle_document_set_setting (self->document, SETTING, _ ("Change Pools"), json_object_get_size (object) > 0 ? pools : NULL);
}

static int
get_slots (HeddlePoolRows *self,
           const char *name)
{
  JsonNode *value = heddle_json_member (get_pools (self), name);

  return heddle_json_is_number (value) ? CLAMP (json_node_get_double (value), 1, MAX_SLOTS) : 1;
}

static void
slots_changed_cb (HeddlePoolRows *self,
                  GtkSpinButton *spin)
{
  if (!self->updating && self->document != NULL)
    set_slots (self, g_object_get_data (G_OBJECT (spin), "heddle-pool"), gtk_spin_button_get_value_as_int (spin));
}

static void
remove_cb (HeddlePoolRows *self,
           GtkWidget *button)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), "heddle-pool"));

  set_slots (self, name, 0);
}

static guint
count_users (HeddlePoolRows *self,
             const char *name)
{
  HeddleGraph *graph = heddle_document_get_graph (self->document);
  guint n = 0;

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      JsonObject *policy = heddle_graph_get_node (graph, i)->policy;

      n += policy != NULL && g_str_equal (heddle_params_get_string (policy, "pool", ""), name);
    }
  return n;
}

static void
add_name (GPtrArray *names,
          const char *name)
{
  if (*name != '\0' && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/* Those of the settings first. */
static GPtrArray *
list_names (HeddlePoolRows *self)
{
  HeddleGraph *graph = heddle_document_get_graph (self->document);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  JsonNode *pools = get_pools (self);
  JsonObjectIter iter;
  const char *name;

  if (pools != NULL && JSON_NODE_HOLDS_OBJECT (pools))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (pools));
      while (json_object_iter_next_ordered (&iter, &name, NULL))
        add_name (names, name);
    }
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      JsonObject *policy = heddle_graph_get_node (graph, i)->policy;

      if (policy != NULL)
        add_name (names, heddle_params_get_string (policy, "pool", ""));
    }
  return names;
}

static void
add_controls (HeddlePoolRows *self,
              GtkWidget *row,
              const char *name)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (1, MAX_SLOTS, 1);
  GtkWidget *button = heddle_flat_button_new ("user-trash-symbolic", _ ("Remove this pool"));
  g_autofree char *label = g_strdup_printf (_ ("Slots of %s"), name);

  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (spin, _ ("How many nodes of this pool may run at the same time"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (spin), "heddle-pool", g_strdup (name), g_free);
  g_object_set_data_full (G_OBJECT (button), "heddle-pool", g_strdup (name), g_free);
  g_signal_connect_object (spin, "value-changed", G_CALLBACK (slots_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  g_object_set_data (G_OBJECT (row), "heddle-spin", spin);
  g_object_set_data (G_OBJECT (row), "heddle-remove", button);
}

static void
fill_row (HeddlePoolRows *self,
          GtkWidget *row,
          const char *name)
{
  guint n = count_users (self, name);
  g_autofree char *users = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u node", "%u nodes", n), n);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), users);
  gtk_spin_button_set_value (g_object_get_data (G_OBJECT (row), "heddle-spin"), get_slots (self, name));
  /* What nodes name is there as long as they do. */
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), "heddle-remove"), n == 0);
}

static gboolean
has_names (HeddlePoolRows *self,
           GPtrArray *names)
{
  gboolean same = names->len == self->names->len;

  for (guint i = 0; same && i < names->len; i++)
    same = g_str_equal (g_ptr_array_index (names, i), g_ptr_array_index (self->names, i));
  return same;
}

/* The row to add one stays the last. */
static void
build (HeddlePoolRows *self,
       GPtrArray *names)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self->group);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_object_ref (self->add_row);
  adw_preferences_group_remove (group, self->add_row);
  for (guint i = 0; i < names->len; i++)
    {
      GtkWidget *row = heddle_plain_row_new (g_ptr_array_index (names, i), NULL);

      add_controls (self, row, g_ptr_array_index (names, i));
      adw_preferences_group_add (group, row);
      g_ptr_array_add (self->rows, row);
    }
  adw_preferences_group_add (group, self->add_row);
  g_object_unref (self->add_row);
}

static void
update (HeddlePoolRows *self)
{
  g_autoptr (GPtrArray) names = NULL;

  if (self->document == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  names = list_names (self);
  self->updating = TRUE;
  if (!has_names (self, names))
    build (self, names);
  for (guint i = 0; i < self->rows->len; i++)
    fill_row (self, g_ptr_array_index (self->rows, i), g_ptr_array_index (names, i));
  self->updating = FALSE;
  g_ptr_array_unref (self->names);
  self->names = g_steal_pointer (&names);
}

static void
add_cb (HeddlePoolRows *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->add_row))));

  if (self->document == NULL || *name == '\0')
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->add_row), "");
  if (heddle_json_member (get_pools (self), name) == NULL)
    set_slots (self, name, 1);
}

void
heddle_pool_rows_set_document (HeddlePoolRows *self,
                               HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_POOL_ROWS (self));

  if (!heddle_follow_document (self, &self->document, document, G_CALLBACK (update)))
    return;
  update (self);
}

GtkWidget *
heddle_pool_rows_new (void)
{
  return g_object_new (HEDDLE_TYPE_POOL_ROWS, NULL);
}

static void
heddle_pool_rows_dispose (GObject *object)
{
  HeddlePoolRows *self = HEDDLE_POOL_ROWS (object);

  heddle_pool_rows_set_document (self, NULL);
  g_clear_pointer (&self->group, gtk_widget_unparent);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  G_OBJECT_CLASS (heddle_pool_rows_parent_class)->dispose (object);
}

static void
heddle_pool_rows_class_init (HeddlePoolRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_pool_rows_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_pool_rows_init (HeddlePoolRows *self)
{
  self->rows = g_ptr_array_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group), _ ("Pools"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group), _ ("Nodes that name the same pool share its slots, in all runs."));
  self->add_row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->add_row), _ ("Add a Pool"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->add_row), TRUE);
  g_signal_connect_object (self->add_row, "apply", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->add_row);
  gtk_widget_set_parent (self->group, GTK_WIDGET (self));
  g_signal_connect_after (self, "map", G_CALLBACK (update), NULL);
}
