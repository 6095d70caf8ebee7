/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-panes-private.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

#define SLIDE_MS 200

enum
{
  PROP_0,
  PROP_SHOW,
  PROP_SIZE = PROP_SHOW + HEDDLE_N_PANES,
  N_PROPS = PROP_SIZE + HEDDLE_N_PANES
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeddlePanes, heddle_panes, GTK_TYPE_WIDGET)

gboolean
_heddle_panes_is_docked (HeddlePanes *self,
                         HeddlePane pane)
{
  return pane == HEDDLE_PANE_BOTTOM ? !self->narrow && !self->low : !self->folded;
}

gboolean
heddle_panes_is_visible (HeddlePanes *self,
                         HeddlePane pane)
{
  g_return_val_if_fail (HEDDLE_IS_PANES (self), FALSE);

  return _heddle_panes_is_docked (self, pane) ? self->panes[pane].shown : self->open == (int) pane;
}

void
_heddle_panes_update_visible (HeddlePanes *self)
{
  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    {
      gboolean docked = _heddle_panes_is_docked (self, i);
      gboolean visible = heddle_panes_is_visible (self, i);

      gtk_widget_set_visible (self->panes[i].bar, !docked);
      gtk_widget_set_visible (self->panes[i].box, visible);
      gtk_widget_set_visible (self->panes[i].handle, docked && visible);
    }
  gtk_widget_set_visible (self->scrim, self->open != HEDDLE_PANES_NONE);
}

static GtkWidget *
get_focus (HeddlePanes *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

static gboolean
has_focus_within (HeddlePanes *self,
                  GtkWidget *widget)
{
  GtkWidget *focus = get_focus (self);

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
remember_focus (HeddlePanes *self)
{
  GtkWidget *focus = get_focus (self);

  if (focus != NULL && gtk_widget_is_ancestor (focus, self->content))
    g_set_weak_pointer (&self->last_focus, focus);
}

/* To where it was before the pane took it, or at least to what one works on. */
static void
return_focus (HeddlePanes *self)
{
  if (self->last_focus == NULL || !gtk_widget_grab_focus (self->last_focus))
    gtk_widget_child_focus (self->content, GTK_DIR_TAB_FORWARD);
  g_clear_weak_pointer (&self->last_focus);
}

static void
slide_cb (double value,
          gpointer user_data)
{
  HeddlePanes *self = user_data;

  self->slid = value;
  gtk_widget_set_opacity (self->scrim, value);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* The one that lies over the others is drawn after them. */
static void
open_over (HeddlePanes *self,
           HeddlePane pane)
{
  GtkWidget *box = self->panes[pane].box;

  if (self->open == (int) pane)
    return;
  remember_focus (self);
  self->open = pane;
  gtk_widget_insert_before (self->scrim, GTK_WIDGET (self), NULL);
  gtk_widget_insert_before (box, GTK_WIDGET (self), NULL);
  _heddle_panes_update_visible (self);
  adw_animation_play (self->slide);
  gtk_widget_child_focus (box, GTK_DIR_TAB_FORWARD);
}

gboolean
heddle_panes_close (HeddlePanes *self)
{
  gboolean had_focus;

  g_return_val_if_fail (HEDDLE_IS_PANES (self), FALSE);

  if (self->open == HEDDLE_PANES_NONE)
    return FALSE;
  had_focus = has_focus_within (self, self->panes[self->open].box);
  self->open = HEDDLE_PANES_NONE;
  if (had_focus)
    return_focus (self);
  _heddle_panes_update_visible (self);
  return TRUE;
}

static void
set_shown (HeddlePanes *self,
           HeddlePane pane,
           gboolean shown)
{
  if (self->panes[pane].shown == shown)
    return;
  if (!shown && _heddle_panes_is_docked (self, pane) && has_focus_within (self, self->panes[pane].box))
    return_focus (self);
  self->panes[pane].shown = shown;
  _heddle_panes_update_visible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW + pane]);
}

void
_heddle_panes_notify_size (HeddlePanes *self,
                           HeddlePane pane)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIZE + pane]);
}

void
heddle_panes_toggle (HeddlePanes *self,
                     HeddlePane pane)
{
  g_return_if_fail (HEDDLE_IS_PANES (self));

  if (_heddle_panes_is_docked (self, pane))
    set_shown (self, pane, !self->panes[pane].shown);
  else if (self->open == (int) pane)
    heddle_panes_close (self);
  else
    open_over (self, pane);
}

void
heddle_panes_reveal (HeddlePanes *self,
                     HeddlePane pane)
{
  g_return_if_fail (HEDDLE_IS_PANES (self));

  if (_heddle_panes_is_docked (self, pane))
    set_shown (self, pane, TRUE);
  else
    open_over (self, pane);
}

void
heddle_panes_suggest (HeddlePanes *self,
                      HeddlePane pane)
{
  g_return_if_fail (HEDDLE_IS_PANES (self));

  set_shown (self, pane, TRUE);
}

/* Who works on the content needs to see it. */
static void
heddle_panes_set_focus_child (GtkWidget *widget,
                              GtkWidget *child)
{
  HeddlePanes *self = HEDDLE_PANES (widget);

  GTK_WIDGET_CLASS (heddle_panes_parent_class)->set_focus_child (widget, child);
  if (child == self->content && child != NULL && self->open != HEDDLE_PANES_NONE)
    {
      self->open = HEDDLE_PANES_NONE;
      _heddle_panes_update_visible (self);
    }
}

static void
scrim_clicked_cb (HeddlePanes *self)
{
  heddle_panes_close (self);
}

static GtkWidget *
create_scrim (HeddlePanes *self)
{
  GtkWidget *scrim = adw_bin_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_add_css_class (scrim, "pane-scrim");
  g_signal_connect_object (click, "pressed", G_CALLBACK (scrim_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (scrim, GTK_EVENT_CONTROLLER (click));
  return scrim;
}

static GtkWidget *
create_bar (HeddlePanes *self,
            const char *title)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = heddle_label_new (title, "heading");
  GtkWidget *button = heddle_flat_button_new ("window-close-symbolic", _ ("Close (Esc)"));

  gtk_widget_set_hexpand (label, TRUE);
  g_signal_connect_object (button, "clicked", G_CALLBACK (scrim_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (bar), label);
  gtk_box_append (GTK_BOX (bar), button);
  gtk_widget_add_css_class (bar, "pane-bar");
  return bar;
}

static void
add_pane (HeddlePanes *self,
          HeddlePane pane,
          const HeddlePaneContent *content)
{
  HeddlePanesPane *own = &self->panes[pane];

  own->least = content->least;
  own->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  own->bar = create_bar (self, content->title);
  own->handle = _heddle_panes_create_handle (self, pane, content->title);
  gtk_box_append (GTK_BOX (own->box), own->bar);
  gtk_widget_set_vexpand (content->child, TRUE);
  gtk_box_append (GTK_BOX (own->box), content->child);
  gtk_widget_add_css_class (own->box, "pane");
  gtk_accessible_update_property (GTK_ACCESSIBLE (own->box), GTK_ACCESSIBLE_PROPERTY_LABEL, content->title, -1);
}

GtkWidget *
heddle_panes_new (GtkWidget *content,
                  const HeddlePaneContent panes[HEDDLE_N_PANES])
{
  HeddlePanes *self = g_object_new (HEDDLE_TYPE_PANES, NULL);
  GtkWidget *widget = GTK_WIDGET (self);

  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    add_pane (self, i, &panes[i]);
  self->content = content;
  self->scrim = create_scrim (self);
  gtk_widget_set_parent (self->panes[HEDDLE_PANE_START].box, widget);
  gtk_widget_set_parent (self->content, widget);
  gtk_widget_set_parent (self->panes[HEDDLE_PANE_END].box, widget);
  gtk_widget_set_parent (self->panes[HEDDLE_PANE_BOTTOM].box, widget);
  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    gtk_widget_set_parent (self->panes[i].handle, widget);
  gtk_widget_set_parent (self->scrim, widget);
  _heddle_panes_update_visible (self);
  return widget;
}

static void
heddle_panes_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec)
{
  HeddlePanes *self = HEDDLE_PANES (object);

  if (id >= PROP_SIZE)
    g_value_set_int (value, self->panes[id - PROP_SIZE].size);
  else
    g_value_set_boolean (value, self->panes[id - PROP_SHOW].shown);
}

static void
heddle_panes_set_property (GObject *object,
                           guint id,
                           const GValue *value,
                           GParamSpec *pspec)
{
  HeddlePanes *self = HEDDLE_PANES (object);

  if (id < PROP_SIZE)
    {
      set_shown (self, id - PROP_SHOW, g_value_get_boolean (value));
      return;
    }
  self->panes[id - PROP_SIZE].size = g_value_get_int (value);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
heddle_panes_dispose (GObject *object)
{
  HeddlePanes *self = HEDDLE_PANES (object);
  GtkWidget *child;

  self->open = HEDDLE_PANES_NONE;
  g_clear_weak_pointer (&self->last_focus);
  g_clear_object (&self->slide);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (heddle_panes_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *klass)
{
  static const char *const shows[HEDDLE_N_PANES] = { "show-start", "show-end", "show-bottom" };
  static const char *const sizes[HEDDLE_N_PANES] = { "start-size", "end-size", "bottom-size" };
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    {
      properties[PROP_SHOW + i] = g_param_spec_boolean (shows[i], NULL, NULL, FALSE, flags);
      properties[PROP_SIZE + i] = g_param_spec_int (sizes[i], NULL, NULL, 0, G_MAXINT, 0, flags);
    }
  g_object_class_install_properties (klass, N_PROPS, properties);
}

static void
heddle_panes_class_init (HeddlePanesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = heddle_panes_dispose;
  object_class->get_property = heddle_panes_get_property;
  object_class->set_property = heddle_panes_set_property;
  widget_class->measure = _heddle_panes_measure;
  widget_class->size_allocate = _heddle_panes_size_allocate;
  widget_class->set_focus_child = heddle_panes_set_focus_child;
  install_properties (object_class);

  gtk_widget_class_set_css_name (widget_class, "panes");
  _heddle_panes_class_install_keys (widget_class);
}

static void
heddle_panes_init (HeddlePanes *self)
{
  self->open = HEDDLE_PANES_NONE;
  self->slid = 1;
  self->slide = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, SLIDE_MS, adw_callback_animation_target_new (slide_cb, self, NULL));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
