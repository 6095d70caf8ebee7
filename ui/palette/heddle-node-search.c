/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "palette/heddle-node-search.h"

#include "common/heddle-widgets.h"
#include "palette/heddle-node-match.h"
#include "palette/heddle-palette.h"

#include <glib/gi18n-lib.h>

#define MAX_RECENT 3

struct _HeddleNodeSearch
{
  GtkPopover parent_instance;

  GtkSearchEntry *search;
  GtkListBox *list;
  GPtrArray *recent; /* type ids, latest first */
  HeddleNodeFilter filter;
  gpointer filter_data;
};

enum
{
  NODE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleNodeSearch, heddle_node_search, GTK_TYPE_POPOVER)

static const HeddleNodeType *
row_type (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-node-type");
}

static GtkWidget *
row_new (const HeddleNodeType *type)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = heddle_label_new (_ (type->title), NULL);
  GtkWidget *summary = heddle_label_new (_ (type->summary), "caption");

  gtk_label_set_ellipsize (GTK_LABEL (summary), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (summary), 36);
  gtk_widget_add_css_class (summary, "dim-label");
  gtk_box_append (GTK_BOX (labels), title);
  gtk_box_append (GTK_BOX (labels), summary);
  gtk_box_append (GTK_BOX (box), heddle_palette_icon_new (type));
  gtk_box_append (GTK_BOX (box), labels);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "heddle-node-type", (gpointer) type);
  return row;
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer user_data)
{
  HeddleNodeSearch *self = user_data;

  return self->filter (row_type (row), self->filter_data) &&
         heddle_node_match (row_type (row), gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static guint
recent_rank (HeddleNodeSearch *self,
             const HeddleNodeType *type)
{
  guint rank;

  if (g_ptr_array_find_with_equal_func (self->recent, type->id, g_str_equal, &rank))
    return rank;
  return MAX_RECENT;
}

/* The nearest first; without a search, or where it tells nothing apart, the latest first. */
static int
sort_cb (GtkListBoxRow *a,
         GtkListBoxRow *b,
         gpointer user_data)
{
  HeddleNodeSearch *self = user_data;
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  int nearer = (int) heddle_node_match_rank (row_type (a), search) - (int) heddle_node_match_rank (row_type (b), search);

  if (nearer != 0)
    return nearer;
  return (int) recent_rank (user_data, row_type (a)) - (int) recent_rank (user_data, row_type (b));
}

static GtkListBoxRow *
first_match (HeddleNodeSearch *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (filter_cb (row, self))
        return row;
    }
  return NULL;
}

static void
remember (HeddleNodeSearch *self,
          const char *type_id)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (self->recent, type_id, g_str_equal, &index))
    g_ptr_array_remove_index (self->recent, index);
  g_ptr_array_insert (self->recent, 0, g_strdup (type_id));
  if (self->recent->len > MAX_RECENT)
    g_ptr_array_set_size (self->recent, MAX_RECENT);
}

static void
choose (HeddleNodeSearch *self,
        GtkListBoxRow *row)
{
  const char *type_id = row_type (row)->id;

  remember (self, type_id);
  g_signal_emit (self, signals[NODE_CHOSEN], 0, type_id);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
row_activated_cb (HeddleNodeSearch *self,
                  GtkListBoxRow *row)
{
  choose (self, row);
}

static void
search_activate_cb (HeddleNodeSearch *self)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);
  GtkListBoxRow *row = selected != NULL && filter_cb (selected, self) ? selected : first_match (self);

  if (row != NULL)
    choose (self, row);
}

static void
search_changed_cb (HeddleNodeSearch *self)
{
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_sort (self->list);
  gtk_list_box_select_row (self->list, first_match (self));
}

static void
show_cb (HeddleNodeSearch *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_sort (self->list);
  gtk_list_box_select_row (self->list, first_match (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

GtkWidget *
heddle_node_search_new (HeddleNodeFilter filter,
                        gpointer user_data)
{
  HeddleNodeSearch *self = g_object_new (HEDDLE_TYPE_NODE_SEARCH, NULL);

  self->filter = filter;
  self->filter_data = user_data;
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  return GTK_WIDGET (self);
}

static void
heddle_node_search_finalize (GObject *object)
{
  g_ptr_array_unref (HEDDLE_NODE_SEARCH (object)->recent);
  G_OBJECT_CLASS (heddle_node_search_parent_class)->finalize (object);
}

static void
heddle_node_search_class_init (HeddleNodeSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_node_search_finalize;
  signals[NODE_CHOSEN] = g_signal_new ("node-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/palette/heddle-node-search.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeSearch, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeSearch, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
}

static void
heddle_node_search_init (HeddleNodeSearch *self)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  self->recent = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; types[i] != NULL; i++)
    gtk_list_box_append (self->list, row_new (types[i]));
  gtk_list_box_set_sort_func (self->list, sort_cb, self, NULL);
}
