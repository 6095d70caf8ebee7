/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-sidebar.h"

struct _HeddleSidebar
{
  GtkWidget parent_instance;

  GtkWidget *buttons;
  GtkWidget *first_button; /* leader of the group, or NULL */
  GtkWidget *stack;
};

enum
{
  PROP_0,
  PROP_PAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeddleSidebar, heddle_sidebar, GTK_TYPE_WIDGET)

static void
page_shown_cb (HeddleSidebar *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
}

static gboolean
is_page (GBinding *binding,
         const GValue *from,
         GValue *to,
         gpointer name)
{
  g_value_set_boolean (to, g_strcmp0 (g_value_get_string (from), name) == 0);
  return TRUE;
}

/* A button that is let go of, because another one is pressed, says nothing. */
static gboolean
to_page (GBinding *binding,
         const GValue *from,
         GValue *to,
         gpointer name)
{
  if (!g_value_get_boolean (from))
    return FALSE;
  g_value_set_string (to, name);
  return TRUE;
}

static GtkWidget *
add_button (HeddleSidebar *self,
            const char *name,
            const char *title,
            const char *icon)
{
  GtkWidget *button = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (button), icon);
  gtk_widget_set_tooltip_text (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_hexpand (button, TRUE);
  if (self->first_button != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (self->first_button));
  else
    self->first_button = button;
  gtk_box_append (GTK_BOX (self->buttons), button);
  g_object_bind_property_full (self->stack, "visible-child-name", button, "active", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE,
                               is_page, to_page, g_strdup (name), g_free);
  return button;
}

void
heddle_sidebar_add_page (HeddleSidebar *self,
                         const char *name,
                         const char *title,
                         const char *icon,
                         GtkWidget *child)
{
  g_return_if_fail (HEDDLE_IS_SIDEBAR (self));

  gtk_widget_set_visible (self->buttons, self->first_button != NULL);
  gtk_stack_add_titled (GTK_STACK (self->stack), child, name, title);
  add_button (self, name, title, icon);
}

const char *
heddle_sidebar_get_page (HeddleSidebar *self)
{
  g_return_val_if_fail (HEDDLE_IS_SIDEBAR (self), NULL);

  return gtk_stack_get_visible_child_name (GTK_STACK (self->stack));
}

void
heddle_sidebar_set_page (HeddleSidebar *self,
                         const char *name)
{
  g_return_if_fail (HEDDLE_IS_SIDEBAR (self));

  if (name != NULL && gtk_stack_get_child_by_name (GTK_STACK (self->stack), name) != NULL)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
}

static void
heddle_sidebar_get_property (GObject *object,
                             guint property_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  g_assert (property_id == PROP_PAGE);
  g_value_set_string (value, heddle_sidebar_get_page (HEDDLE_SIDEBAR (object)));
}

static void
heddle_sidebar_set_property (GObject *object,
                             guint property_id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  g_assert (property_id == PROP_PAGE);
  heddle_sidebar_set_page (HEDDLE_SIDEBAR (object), g_value_get_string (value));
}

static void
heddle_sidebar_dispose (GObject *object)
{
  HeddleSidebar *self = HEDDLE_SIDEBAR (object);

  g_clear_pointer (&self->buttons, gtk_widget_unparent);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_sidebar_parent_class)->dispose (object);
}

static void
heddle_sidebar_class_init (HeddleSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = heddle_sidebar_dispose;
  object_class->get_property = heddle_sidebar_get_property;
  object_class->set_property = heddle_sidebar_set_property;
  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
heddle_sidebar_init (HeddleSidebar *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  self->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_visible (self->buttons, FALSE);
  gtk_widget_add_css_class (self->buttons, "sidebar-pages");
  gtk_widget_set_parent (self->buttons, GTK_WIDGET (self));
  self->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  g_signal_connect_swapped (self->stack, "notify::visible-child-name", G_CALLBACK (page_shown_cb), self);
}

GtkWidget *
heddle_sidebar_new (void)
{
  return g_object_new (HEDDLE_TYPE_SIDEBAR, NULL);
}
