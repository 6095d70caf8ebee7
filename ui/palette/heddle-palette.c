/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "palette/heddle-palette.h"

#include "common/heddle-widgets.h"
#include "palette/heddle-node-match.h"

#include <glib/gi18n-lib.h>

struct _HeddlePalette
{
  GtkWidget parent_instance;

  GtkSearchEntry *search;
  GtkWidget *scroller;
  GtkListBox *list;
};

enum
{
  NODE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddlePalette, heddle_palette, GTK_TYPE_WIDGET)

GtkWidget *
heddle_palette_icon_new (const HeddleNodeType *type)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (type != NULL ? type->icon_name : "dialog-question-symbolic");
  g_autofree char *category = NULL;

  category = g_strconcat ("category-", type != NULL ? heddle_category_get_id (type->category) : "unknown", NULL);
  gtk_widget_add_css_class (icon, "node-icon");
  gtk_widget_add_css_class (icon, category);
  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  return icon;
}

static const HeddleNodeType *
row_type (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-node-type");
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer user_data)
{
  HeddlePalette *self = user_data;

  return heddle_node_match (row_type (row), gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer user_data)
{
  HeddleCategory category = row_type (row)->category;
  GtkWidget *label;

  if (before != NULL && row_type (before)->category == category)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = heddle_label_new (heddle_category_get_title (category), "palette-heading");
  gtk_list_box_row_set_header (row, label);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source,
                 double x,
                 double y,
                 GtkWidget *row)
{
  g_autofree char *text = g_strconcat (HEDDLE_PALETTE_DRAG_PREFIX, row_type (GTK_LIST_BOX_ROW (row))->id, NULL);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row)));

  gtk_drag_source_set_icon (source, paintable, x, y);
  return gdk_content_provider_new_typed (G_TYPE_STRING, text);
}

static GtkWidget *
row_new (const HeddleNodeType *type)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *label = heddle_label_new (_ (type->title), NULL);
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), heddle_palette_icon_new (type));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, _ (type->summary));
  gtk_widget_add_css_class (row, "palette-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (type->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ (type->summary), -1);
  g_object_set_data (G_OBJECT (row), "heddle-node-type", (gpointer) type);
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (drag_prepare_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
  return row;
}

static void
choose (HeddlePalette *self,
        GtkListBoxRow *row)
{
  g_signal_emit (self, signals[NODE_CHOSEN], 0, row_type (row)->id);
}

static void
row_activated_cb (HeddlePalette *self,
                  GtkListBoxRow *row)
{
  choose (self, row);
}

static void
search_changed_cb (HeddlePalette *self)
{
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_headers (self->list);
}

/* Enter in the search takes the first match. */
static void
search_activate_cb (HeddlePalette *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (!filter_cb (row, self))
        continue;
      choose (self, row);
      return;
    }
}

static void
search_stop_cb (HeddlePalette *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

void
heddle_palette_focus_search (HeddlePalette *self)
{
  g_return_if_fail (HEDDLE_IS_PALETTE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

GtkWidget *
heddle_palette_new (void)
{
  return g_object_new (HEDDLE_TYPE_PALETTE, NULL);
}

static void
heddle_palette_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (heddle_palette_parent_class)->dispose (object);
}

static void
heddle_palette_class_init (HeddlePaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_palette_dispose;
  signals[NODE_CHOSEN] = g_signal_new ("node-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/palette/heddle-palette.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePalette, search);
  gtk_widget_class_bind_template_child (widget_class, HeddlePalette, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddlePalette, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
}

static void
heddle_palette_init (HeddlePalette *self)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; types[i] != NULL; i++)
    gtk_list_box_append (self->list, row_new (types[i]));
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
  gtk_search_entry_set_key_capture_widget (self->search, GTK_WIDGET (self->list));
}
