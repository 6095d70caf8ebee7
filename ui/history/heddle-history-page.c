/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-history-page.h"

#include "history/heddle-step-list.h"
#include "history/heddle-version-list.h"

#include <glib/gi18n-lib.h>

struct _HeddleHistoryPage
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *stack;
  HeddleVersionList *versions;
};

enum
{
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleHistoryPage, heddle_history_page, GTK_TYPE_WIDGET)

static void
message_cb (HeddleHistoryPage *self,
            const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
heddle_history_page_dispose (GObject *object)
{
  HeddleHistoryPage *self = HEDDLE_HISTORY_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_history_page_parent_class)->dispose (object);
}

static void
heddle_history_page_class_init (HeddleHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_history_page_dispose;
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_history_page_init (HeddleHistoryPage *self)
{
  GtkWidget *switcher = gtk_stack_switcher_new ();

  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (self->stack));
  gtk_widget_add_css_class (switcher, "history-pages");
  gtk_widget_set_margin_top (switcher, 12);
  gtk_widget_set_margin_bottom (switcher, 6);
  gtk_widget_set_margin_start (switcher, 12);
  gtk_widget_set_margin_end (switcher, 12);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), switcher);
  gtk_box_append (GTK_BOX (self->box), self->stack);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
heddle_history_page_new (HeddleStore *store, HeddleDocument *document)
{
  HeddleHistoryPage *self;
  GtkWidget *versions;

  g_return_val_if_fail (HEDDLE_IS_STORE (store), NULL);
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (HEDDLE_TYPE_HISTORY_PAGE, NULL);
  versions = heddle_version_list_new (store, document);
  self->versions = HEDDLE_VERSION_LIST (versions);
  g_signal_connect_object (versions, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_titled (GTK_STACK (self->stack), heddle_step_list_new (document), "steps", _ ("Steps"));
  gtk_stack_add_titled (GTK_STACK (self->stack), versions, "versions", _ ("Versions"));
  return GTK_WIDGET (self);
}

void
heddle_history_page_refresh (HeddleHistoryPage *self)
{
  g_return_if_fail (HEDDLE_IS_HISTORY_PAGE (self));

  heddle_version_list_refresh (self->versions);
}
