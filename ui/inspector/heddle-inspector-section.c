/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-inspector-section.h"

#include "common/heddle-widgets.h"

#define FOLDS "inspector-folds"

struct _HeddleInspectorSection
{
  AdwBin parent_instance;

  GtkExpander *expander;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *list; /* NULL: it has another content */

  GSettings *settings;
  char *key;
  gboolean wanted; /* as the person left it */
  gboolean is_opened;
  gboolean is_revealing;
};

enum
{
  OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleInspectorSection, heddle_inspector_section, ADW_TYPE_BIN)

static void
remember (HeddleInspectorSection *self)
{
  g_autoptr (GVariant) folds = g_settings_get_value (self->settings, FOLDS);
  g_autoptr (GVariantDict) dict = g_variant_dict_new (folds);

  g_variant_dict_insert (dict, self->key, "b", self->wanted);
  g_settings_set_value (self->settings, FOLDS, g_variant_dict_end (dict));
}

static gboolean
recall (HeddleInspectorSection *self,
        gboolean fallback)
{
  g_autoptr (GVariant) folds = g_settings_get_value (self->settings, FOLDS);
  gboolean expanded = fallback;

  g_variant_lookup (folds, self->key, "b", &expanded);
  return expanded;
}

static void
expanded_cb (HeddleInspectorSection *self)
{
  gboolean expanded = gtk_expander_get_expanded (self->expander);

  if (expanded && !self->is_opened)
    {
      self->is_opened = TRUE;
      g_signal_emit (self, signals[OPENED], 0);
    }
  if (self->is_revealing || self->wanted == expanded)
    return;
  self->wanted = expanded;
  remember (self);
}

GtkListBox *
heddle_inspector_section_get_list (HeddleInspectorSection *self)
{
  g_return_val_if_fail (HEDDLE_IS_INSPECTOR_SECTION (self), NULL);

  if (self->list == NULL)
    {
      self->list = gtk_list_box_new ();
      gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
      gtk_widget_add_css_class (self->list, "boxed-list");
      heddle_inspector_section_set_content (self, self->list);
    }
  return GTK_LIST_BOX (self->list);
}

void
heddle_inspector_section_set_content (HeddleInspectorSection *self,
                                      GtkWidget *content)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR_SECTION (self));

  gtk_widget_set_margin_top (content, 6);
  gtk_expander_set_child (self->expander, content);
}

void
heddle_inspector_section_set_subtitle (HeddleInspectorSection *self,
                                       const char *subtitle)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR_SECTION (self));

  gtk_label_set_label (self->subtitle, subtitle != NULL ? subtitle : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), subtitle);
}

gboolean
heddle_inspector_section_get_expanded (HeddleInspectorSection *self)
{
  g_return_val_if_fail (HEDDLE_IS_INSPECTOR_SECTION (self), FALSE);

  return gtk_expander_get_expanded (self->expander);
}

void
heddle_inspector_section_reveal (HeddleInspectorSection *self,
                                 gboolean expanded)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR_SECTION (self));

  self->is_revealing = TRUE;
  gtk_expander_set_expanded (self->expander, expanded);
  self->is_revealing = FALSE;
}

void
heddle_inspector_section_restore (HeddleInspectorSection *self)
{
  g_return_if_fail (HEDDLE_IS_INSPECTOR_SECTION (self));

  heddle_inspector_section_reveal (self, self->wanted);
}

static GtkWidget *
label_new (HeddleInspectorSection *self,
           const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->title = GTK_LABEL (heddle_label_new (title, "heading"));
  self->subtitle = GTK_LABEL (heddle_label_new (NULL, "caption"));
  gtk_label_set_wrap (self->title, TRUE);
  gtk_label_set_ellipsize (self->subtitle, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->subtitle, 1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->subtitle), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->subtitle));
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

GtkWidget *
heddle_inspector_section_new (const char *title,
                              const char *key,
                              gboolean expanded)
{
  HeddleInspectorSection *self = g_object_new (HEDDLE_TYPE_INSPECTOR_SECTION, NULL);

  self->key = g_strdup (key);
  gtk_expander_set_label_widget (self->expander, label_new (self, title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  self->wanted = recall (self, expanded);
  heddle_inspector_section_reveal (self, self->wanted);
  return GTK_WIDGET (self);
}

static void
heddle_inspector_section_finalize (GObject *object)
{
  HeddleInspectorSection *self = HEDDLE_INSPECTOR_SECTION (object);

  g_clear_object (&self->settings);
  g_free (self->key);
  G_OBJECT_CLASS (heddle_inspector_section_parent_class)->finalize (object);
}

static void
heddle_inspector_section_class_init (HeddleInspectorSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_inspector_section_finalize;
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_inspector_section_init (HeddleInspectorSection *self)
{
  self->settings = g_settings_new ("org.heddle.Heddle");
  self->expander = GTK_EXPANDER (gtk_expander_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->expander), "section");
  g_signal_connect_object (self->expander, "notify::expanded", G_CALLBACK (expanded_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->expander));
}
