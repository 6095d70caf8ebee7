/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-value-tree.h"

#include "common/heddle-value-text.h"
#include "common/heddle-widgets.h"
#include "trace/heddle-json-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Beyond this it scrolls, unless there is more room. */
#define NATURAL_HEIGHT 240
/* Of what hangs at the pointer, in characters. */
#define MAX_DRAGGED 60

struct _HeddleValueTree
{
  GtkWidget parent_instance;

  GtkWidget *list;
  JsonNode *value;
  HeddleValueOrigin *origin; /* of the value; NULL: not known */
  gboolean has_roots;
  HeddleValueOrigin *chosen; /* what an action is done with */
  gboolean has_menu;         /* of what was chosen */
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleValueTree, heddle_value_tree, GTK_TYPE_WIDGET)

/* ".router.output": the root is the first name. */
static HeddleValueOrigin *
origin_of_root (HeddleJsonItem *item)
{
  const char *path = heddle_json_item_get_path (item) + 1;
  gsize length = strcspn (path, ".[");
  g_autofree char *name = g_strndup (path, length);
  g_autoptr (HeddleValueOrigin) root = heddle_value_origin_new (HEDDLE_ORIGIN_ROOT, name, NULL, NULL, "");

  return heddle_value_origin_descend (root, path + length, heddle_json_item_get_value (item));
}

static HeddleValueOrigin *
dup_origin (HeddleValueTree *self,
            HeddleJsonItem *item)
{
  g_autoptr (HeddleValueOrigin) unknown = NULL;

  if (self->has_roots)
    return origin_of_root (item);
  if (self->origin == NULL)
    unknown = heddle_value_origin_new (HEDDLE_ORIGIN_NONE, "", NULL, NULL, "");
  return heddle_value_origin_descend (self->origin != NULL ? self->origin : unknown, heddle_json_item_get_path (item), heddle_json_item_get_value (item));
}

static HeddleJsonItem *
dup_item (GtkTreeExpander *expander)
{
  GtkTreeListRow *row = gtk_tree_expander_get_list_row (expander);

  return row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
}

/* What no expression can say is dragged too: where it is dropped, it is said why. */
static GdkContentProvider *
prepare_drag_cb (GtkDragSource *source,
                 double x,
                 double y,
                 HeddleValueTree *self)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source)));
  g_autoptr (HeddleJsonItem) item = dup_item (expander);
  g_autoptr (HeddleValueOrigin) origin = item != NULL ? dup_origin (self, item) : NULL;
  g_autofree char *expression = NULL;
  GdkContentProvider *providers[2];

  if (origin == NULL)
    return NULL;
  expression = heddle_value_origin_to_expression (origin);
  if (expression == NULL)
    return gdk_content_provider_new_typed (HEDDLE_TYPE_VALUE_ORIGIN, origin);
  providers[0] = gdk_content_provider_new_typed (HEDDLE_TYPE_VALUE_ORIGIN, origin);
  providers[1] = gdk_content_provider_new_typed (G_TYPE_STRING, expression);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/* What hangs at the pointer is what will be written. */
static void
begin_drag_cb (GtkDragSource *source,
               GdkDrag *drag,
               HeddleValueTree *self)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source)));
  g_autoptr (HeddleJsonItem) item = dup_item (expander);
  g_autoptr (HeddleValueOrigin) origin = item != NULL ? dup_origin (self, item) : NULL;
  g_autofree char *expression = origin != NULL ? heddle_value_origin_to_expression (origin) : NULL;
  GtkWidget *label = gtk_label_new (expression != NULL || item == NULL ? expression : heddle_json_item_get_key (item));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_DRAGGED);
  gtk_widget_add_css_class (label, "drag-expression");
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), label);
}

static gboolean
is_said (const HeddleValueOrigin *origin)
{
  g_autofree char *expression = heddle_value_origin_to_expression (origin);

  return expression != NULL;
}

/* The line that has the focus, which is at its expander or around it; or NULL. */
static GtkWidget *
find_focused (HeddleValueTree *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *inner;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->list))
    return NULL;
  inner = GTK_IS_TREE_EXPANDER (focus) ? focus : gtk_widget_get_first_child (focus);
  return GTK_IS_TREE_EXPANDER (inner) ? inner : NULL;
}

/* The line whose menu is open, else the one that has the focus. FALSE: neither is there. */
static gboolean
choose (HeddleValueTree *self)
{
  GtkWidget *expander = self->has_menu ? NULL : find_focused (self);
  g_autoptr (HeddleJsonItem) item = expander != NULL ? dup_item (GTK_TREE_EXPANDER (expander)) : NULL;

  if (!self->has_menu)
    {
      g_clear_pointer (&self->chosen, heddle_value_origin_free);
      self->chosen = item != NULL ? dup_origin (self, item) : NULL;
    }
  return self->chosen != NULL;
}

static void
copy_text (HeddleValueTree *self,
           char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  g_free (text);
}

static void
copy_value_action (GtkWidget *widget,
                   const char *action,
                   GVariant *parameter)
{
  HeddleValueTree *self = HEDDLE_VALUE_TREE (widget);

  if (choose (self))
    copy_text (self, heddle_json_is_string (self->chosen->value) ? g_strdup (json_node_get_string (self->chosen->value))
                                                                 : heddle_json_to_text (self->chosen->value, HEDDLE_JSON_PRETTY));
}

static void
copy_expression_action (GtkWidget *widget,
                        const char *action,
                        GVariant *parameter)
{
  HeddleValueTree *self = HEDDLE_VALUE_TREE (widget);

  if (choose (self) && is_said (self->chosen))
    copy_text (self, heddle_value_origin_to_expression (self->chosen));
  else if (self->chosen != NULL)
    gtk_widget_activate_action (widget, "inspector.refuse", "s", _ ("No expression can say this value. Ctrl+C copies the value."));
}

/* Whose field it goes into, and whether it can, is known elsewhere. */
static void
insert_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleValueTree *self = HEDDLE_VALUE_TREE (widget);

  if (choose (self))
    gtk_widget_activate_action_variant (widget, "inspector.insert-value", heddle_value_origin_to_variant (self->chosen));
}

static void
append_item (GMenu *menu,
             const char *label,
             const char *action,
             const char *accel)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

static GMenuModel *
menu_new (const HeddleValueOrigin *origin)
{
  GMenu *menu = g_menu_new ();

  append_item (menu, _ ("_Copy Value"), "value.copy", "<Control>c");
  if (!is_said (origin))
    return G_MENU_MODEL (menu);
  append_item (menu, _ ("Copy as _Expression"), "value.copy-expression", "<Control><Shift>c");
  append_item (menu, _ ("_Insert into Field…"), "value.insert", "<Control>i");
  return G_MENU_MODEL (menu);
}

/* After what was chosen in it has been done. */
static void
menu_gone_cb (HeddleValueTree *self)
{
  self->has_menu = FALSE;
}

static void
popup (HeddleValueTree *self,
       GtkWidget *expander,
       double x,
       double y)
{
  g_autoptr (HeddleJsonItem) item = dup_item (GTK_TREE_EXPANDER (expander));
  g_autoptr (HeddleValueOrigin) origin = item != NULL ? dup_origin (self, item) : NULL;
  g_autoptr (GMenuModel) menu = NULL;
  GtkWidget *popover;
  graphene_point_t point;

  if (origin == NULL || !gtk_widget_compute_point (expander, GTK_WIDGET (self), &GRAPHENE_POINT_INIT (x, y), &point))
    return;
  g_clear_pointer (&self->chosen, heddle_value_origin_free);
  menu = menu_new (origin);
  self->chosen = g_steal_pointer (&origin);
  self->has_menu = TRUE;
  popover = gtk_popover_menu_new_from_model (menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle){ (int) point.x, (int) point.y, 1, 1 });
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  g_signal_connect (popover, "closed", G_CALLBACK (heddle_popover_drop), NULL);
  g_signal_connect_object (popover, "destroy", G_CALLBACK (menu_gone_cb), self, G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            HeddleValueTree *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)), x, y);
}

/* Of the line that has the focus. */
static void
menu_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleValueTree *self = HEDDLE_VALUE_TREE (widget);
  GtkWidget *expander = find_focused (self);

  if (expander != NULL)
    popup (self, expander, 24, gtk_widget_get_height (expander));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          HeddleValueTree *self)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *key = gtk_label_new (NULL);
  GtkWidget *value = gtk_label_new (NULL);
  GtkDragSource *source = gtk_drag_source_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_add_css_class (key, "json-key");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (value), TRUE);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_box_append (GTK_BOX (row), key);
  gtk_box_append (GTK_BOX (row), value);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), row);
  g_signal_connect_object (source, "prepare", G_CALLBACK (prepare_drag_cb), self, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (begin_drag_cb), self, 0);
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (source));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, expander);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item,
         gpointer user_data)
{
  GtkTreeListRow *tree_row = gtk_list_item_get_item (item);
  g_autoptr (HeddleJsonItem) json = gtk_tree_list_row_get_item (tree_row);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkWidget *row = gtk_tree_expander_get_child (expander);
  GtkWidget *value = gtk_widget_get_last_child (row);
  g_autofree char *text = heddle_json_item_dup_text (json);

  gtk_tree_expander_set_list_row (expander, tree_row);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (row)), heddle_json_item_get_key (json));
  gtk_label_set_label (GTK_LABEL (value), text);
  gtk_widget_set_tooltip_text (value, text);
  if (heddle_json_item_is_container (json))
    gtk_widget_add_css_class (value, "dim-label");
  else
    gtk_widget_remove_css_class (value, "dim-label");
}

/* Unfolds where nobody wants the value itself. */
static void
row_activated_cb (HeddleValueTree *self,
                  guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (self->list))), position);
  g_autoptr (HeddleJsonItem) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;
  g_autoptr (HeddleValueOrigin) origin = item != NULL ? dup_origin (self, item) : NULL;

  if (row == NULL)
    return;
  if (origin != NULL && g_signal_has_handler_pending (self, signals[ACTIVATED], 0, FALSE))
    g_signal_emit (self, signals[ACTIVATED], 0, origin);
  else
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
}

static GListModel *
children_cb (gpointer item,
             gpointer user_data)
{
  return heddle_json_item_dup_children (item);
}

static void
fill (HeddleValueTree *self)
{
  GtkTreeListModel *tree;
  g_autoptr (GtkNoSelection) selection = NULL;

  if (self->value == NULL)
    {
      gtk_list_view_set_model (GTK_LIST_VIEW (self->list), NULL);
      return;
    }
  tree = gtk_tree_list_model_new (heddle_json_item_list_new (self->value, ""), FALSE, FALSE, children_cb, NULL, NULL);
  selection = gtk_no_selection_new (G_LIST_MODEL (tree));
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), GTK_SELECTION_MODEL (selection));
}

void
heddle_value_tree_set_value (HeddleValueTree *self,
                             JsonNode *value,
                             const HeddleValueOrigin *origin)
{
  gboolean is_same;

  g_return_if_fail (HEDDLE_IS_VALUE_TREE (self));

  is_same = value != NULL && self->value == value;
  if (value != NULL)
    json_node_ref (value);
  g_clear_pointer (&self->value, json_node_unref);
  g_clear_pointer (&self->origin, heddle_value_origin_free);
  self->value = value;
  self->origin = origin != NULL ? heddle_value_origin_copy (origin) : NULL;
  self->has_roots = FALSE;
  /* What was unfolded stays so. */
  if (!is_same)
    fill (self);
}

void
heddle_value_tree_set_roots (HeddleValueTree *self,
                             JsonNode *roots)
{
  g_return_if_fail (HEDDLE_IS_VALUE_TREE (self) && roots != NULL);

  heddle_value_tree_set_value (self, roots, NULL);
  self->has_roots = TRUE;
}

GtkWidget *
heddle_value_tree_new (void)
{
  return g_object_new (HEDDLE_TYPE_VALUE_TREE, NULL);
}

static void
heddle_value_tree_dispose (GObject *object)
{
  HeddleValueTree *self = HEDDLE_VALUE_TREE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_last_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->value, json_node_unref);
  g_clear_pointer (&self->origin, heddle_value_origin_free);
  g_clear_pointer (&self->chosen, heddle_value_origin_free);
  G_OBJECT_CLASS (heddle_value_tree_parent_class)->dispose (object);
}

static void
heddle_value_tree_class_init (HeddleValueTreeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_value_tree_dispose;
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, HEDDLE_TYPE_VALUE_ORIGIN | G_SIGNAL_TYPE_STATIC_SCOPE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "value.copy", NULL, copy_value_action);
  gtk_widget_class_install_action (widget_class, "value.copy-expression", NULL, copy_expression_action);
  gtk_widget_class_install_action (widget_class, "value.insert", NULL, insert_action);
  gtk_widget_class_install_action (widget_class, "value.menu", NULL, menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "value.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "value.copy-expression", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "value.insert", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "value.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "value.menu", NULL);
}

static void
heddle_value_tree_init (HeddleValueTree *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  self->list = gtk_list_view_new (NULL, factory);
  gtk_widget_add_css_class (self->list, "json-tree");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Value"), -1);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), NATURAL_HEIGHT);
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
}
