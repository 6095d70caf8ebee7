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
  HeddleTemplateList *templates; /* or NULL */
};

enum
{
  NODE_CHOSEN,
  TEMPLATE_CHOSEN,
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

/* NULL: it is a template's. */
static const HeddleNodeType *
row_type (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-node-type");
}

/* NULL: it is a node type's. */
static const HeddleTemplateInfo *
row_template (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-template");
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer user_data)
{
  HeddlePalette *self = user_data;
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  const HeddleTemplateInfo *info = row_template (row);

  return info != NULL ? heddle_template_match (info, search) : heddle_node_match (row_type (row), search);
}

static const char *
get_heading (GtkListBoxRow *row)
{
  return row_template (row) != NULL ? _ ("Templates") : heddle_category_get_title (row_type (row)->category);
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer user_data)
{
  gboolean is_same = before != NULL && g_str_equal (get_heading (before), get_heading (row));

  gtk_list_box_row_set_header (row, is_same ? NULL : heddle_label_new (get_heading (row), "palette-heading"));
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source,
                 double x,
                 double y,
                 GtkListBoxRow *row)
{
  const HeddleTemplateInfo *info = row_template (row);
  g_autofree char *text = info != NULL ? g_strconcat (HEDDLE_PALETTE_DRAG_TEMPLATE_PREFIX, info->json, NULL)
                                       : g_strconcat (HEDDLE_PALETTE_DRAG_PREFIX, row_type (row)->id, NULL);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (gtk_list_box_row_get_child (row));

  gtk_drag_source_set_icon (source, paintable, x, y);
  return gdk_content_provider_new_typed (G_TYPE_STRING, text);
}

static GtkWidget *
row_new (const HeddleNodeType *type,
         const char *title,
         const char *summary)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *label = heddle_label_new (title, NULL);
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), heddle_palette_icon_new (type));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, summary);
  gtk_widget_add_css_class (row, "palette-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary, -1);
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (drag_prepare_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
  return row;
}

static GtkWidget *
type_row_new (const HeddleNodeType *type)
{
  GtkWidget *row = row_new (type, _ (type->title), _ (type->summary));

  g_object_set_data (G_OBJECT (row), "heddle-node-type", (gpointer) type);
  return row;
}

static void
append_item (GMenu *menu,
             const char *label,
             const char *action,
             const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

static void
show_menu (GtkWidget *row,
           const GdkRectangle *at)
{
  const char *id = row_template (GTK_LIST_BOX_ROW (row))->id;
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *popover;

  append_item (menu, _ ("_Rename…"), "win.rename-template", id);
  append_item (menu, _ ("_Copy as JSON"), "win.copy-template", id);
  append_item (menu, _ ("_Delete"), "win.delete-template", id);
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  gtk_widget_set_parent (popover, gtk_widget_get_ancestor (row, HEDDLE_TYPE_PALETTE));
  g_signal_connect (popover, "closed", G_CALLBACK (heddle_popover_drop), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
show_menu_at (GtkWidget *row,
              double x,
              double y)
{
  GtkWidget *palette = gtk_widget_get_ancestor (row, HEDDLE_TYPE_PALETTE);

  gtk_widget_translate_coordinates (row, palette, x, y, &x, &y);
  show_menu (row, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            GtkWidget *row)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu_at (row, x, y);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture,
                 double x,
                 double y,
                 GtkWidget *row)
{
  show_menu_at (row, x, y);
}

static gboolean
menu_key_cb (GtkWidget *row,
             GVariant *arguments,
             gpointer user_data)
{
  show_menu_at (row, gtk_widget_get_width (row) / 2., gtk_widget_get_height (row) / 2.);
  return GDK_EVENT_STOP;
}

static gboolean
delete_key_cb (GtkWidget *row,
               GVariant *arguments,
               gpointer user_data)
{
  gtk_widget_activate_action (row, "win.delete-template", "s", row_template (GTK_LIST_BOX_ROW (row))->id);
  return GDK_EVENT_STOP;
}

static gboolean
rename_key_cb (GtkWidget *row,
               GVariant *arguments,
               gpointer user_data)
{
  gtk_widget_activate_action (row, "win.rename-template", "s", row_template (GTK_LIST_BOX_ROW (row))->id);
  return GDK_EVENT_STOP;
}

static void
add_key (GtkEventController *keys,
         const char *trigger,
         GtkShortcutFunc func)
{
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), gtk_callback_action_new (func, NULL, NULL)));
}

static void
add_menu (GtkWidget *row)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *touch = gtk_gesture_long_press_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), row);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (touch), TRUE);
  g_signal_connect (touch, "pressed", G_CALLBACK (long_pressed_cb), row);
  add_key (keys, "Menu|<Shift>F10", menu_key_cb);
  add_key (keys, "Delete|KP_Delete", delete_key_cb);
  add_key (keys, "F2", rename_key_cb);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (touch));
  gtk_widget_add_controller (row, keys);
}

static GtkWidget *
template_row_new (const HeddleTemplateInfo *info)
{
  const HeddleNodeType *type = info->type != NULL ? heddle_registry_lookup (info->type) : NULL;
  GtkWidget *row = row_new (type, info->name, *info->description != '\0' ? info->description : info->name);

  g_object_set_data_full (G_OBJECT (row), "heddle-template", heddle_template_info_copy (info), (GDestroyNotify) heddle_template_info_free);
  add_menu (row);
  return row;
}

static void
choose (HeddlePalette *self,
        GtkListBoxRow *row)
{
  const HeddleTemplateInfo *info = row_template (row);

  if (info != NULL)
    g_signal_emit (self, signals[TEMPLATE_CHOSEN], 0, info->id);
  else
    g_signal_emit (self, signals[NODE_CHOSEN], 0, row_type (row)->id);
}

static void
row_activated_cb (HeddlePalette *self,
                  GtkListBoxRow *row)
{
  choose (self, row);
}

/* They stand above the node types. */
static void
templates_changed_cb (HeddlePalette *self)
{
  GPtrArray *templates = heddle_template_list_get_all (self->templates);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL && row_template (row) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < templates->len; i++)
    gtk_list_box_insert (self->list, template_row_new (templates->pdata[i]), (int) i);
}

void
heddle_palette_set_templates (HeddlePalette *self,
                              HeddleTemplateList *templates)
{
  g_return_if_fail (HEDDLE_IS_PALETTE (self));
  g_return_if_fail (HEDDLE_IS_TEMPLATE_LIST (templates));
  g_return_if_fail (self->templates == NULL);

  self->templates = g_object_ref (templates);
  g_signal_connect_object (templates, "changed", G_CALLBACK (templates_changed_cb), self, G_CONNECT_SWAPPED);
  templates_changed_cb (self);
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
  g_clear_object (&HEDDLE_PALETTE (object)->templates);
  G_OBJECT_CLASS (heddle_palette_parent_class)->dispose (object);
}

static void
heddle_palette_class_init (HeddlePaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_palette_dispose;
  signals[NODE_CHOSEN] = g_signal_new ("node-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TEMPLATE_CHOSEN] = g_signal_new ("template-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
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
    gtk_list_box_append (self->list, type_row_new (types[i]));
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
  gtk_search_entry_set_key_capture_widget (self->search, GTK_WIDGET (self->list));
}
