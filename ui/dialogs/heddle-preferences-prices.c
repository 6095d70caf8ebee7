/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences-private.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* Of the thousands of an imported list; the search finds the rest. */
#define MAX_ROWS 60

#define HEDDLE_TYPE_PREFERENCES_PRICES (heddle_preferences_prices_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreferencesPrices, heddle_preferences_prices, HEDDLE, PREFERENCES_PRICES, AdwPreferencesPage)

struct _HeddlePreferencesPrices
{
  AdwPreferencesPage parent_instance;

  AdwPreferencesGroup *imported;
  AdwActionRow *imported_row;
  GtkEditable *name;
  GtkEditable *input;
  GtkEditable *cache_read;
  GtkEditable *output;
  AdwPreferencesGroup *known;
  GtkEditable *search;

  HeddlePrices *prices; /* strong: an import may outlive the page */
  GPtrArray *rows;      /* borrowed widgets */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (HeddlePreferencesPrices, heddle_preferences_prices, ADW_TYPE_PREFERENCES_PAGE)

static void reload (HeddlePreferencesPrices *self);

static void
remove_cb (HeddlePreferencesPrices *self,
           GtkButton *button)
{
  g_autoptr (GError) error = NULL;

  if (!heddle_prices_remove (self->prices, heddle_preferences_get_name (button), &error))
    heddle_preferences_tell (self, error->message);
  reload (self);
}

static void
edit_cb (HeddlePreferencesPrices *self,
         GtkButton *button)
{
  const char *name = heddle_preferences_get_name (button);
  g_autofree char *input = NULL;
  g_autofree char *output = NULL;
  g_autofree char *cache_read = NULL;
  HeddlePrice price;

  heddle_prices_lookup (self->prices, name, NULL, &price);
  input = heddle_price_to_text (price.base.input);
  output = heddle_price_to_text (price.base.output);
  cache_read = heddle_price_to_text (price.base.cache_read);
  gtk_editable_set_text (self->name, name);
  gtk_editable_set_text (self->input, input);
  gtk_editable_set_text (self->output, output);
  gtk_editable_set_text (self->cache_read, cache_read);
  gtk_widget_grab_focus (GTK_WIDGET (self->input));
}

static char *
dup_amount (gint64 price)
{
  g_autofree char *text = heddle_price_to_text (price);

  return price < 0 ? g_strdup (_ ("unknown")) : g_strdup_printf (_ ("$%s"), text);
}

static void
add_row (HeddlePreferencesPrices *self,
         const HeddlePriceEntry *entry)
{
  g_autofree char *input = dup_amount (entry->price.base.input);
  g_autofree char *output = dup_amount (entry->price.base.output);
  /* Translators: the prices of what goes into a model and of what comes out of it. */
  g_autofree char *prices = g_strdup_printf (_ ("%s in, %s out"), input, output);
  g_autofree char *subtitle = g_strconcat (prices, " · ", entry->imported ? _ ("imported") : _ ("set here"), NULL);
  GtkWidget *row = heddle_plain_row_new (entry->name, subtitle);

  heddle_preferences_add_button (row, "document-edit-symbolic", _ ("Edit this price"), entry->name, G_CALLBACK (edit_cb), self);
  heddle_preferences_add_button (row, "user-trash-symbolic", _ ("Remove this price"), entry->name, G_CALLBACK (remove_cb), self);
  adw_preferences_group_add (self->known, row);
  g_ptr_array_add (self->rows, row);
}

static void
add_note (HeddlePreferencesPrices *self,
          const char *text)
{
  GtkWidget *row = heddle_plain_row_new (text, NULL);

  adw_preferences_group_add (self->known, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_imported (HeddlePreferencesPrices *self)
{
  g_autofree char *date = heddle_prices_dup_imported_date (self->prices);
  g_autofree char *title = date != NULL ? g_strdup_printf (_ ("Imported on %s"), date) : g_strdup (_ ("No list is imported"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->imported_row), title);
  adw_action_row_set_subtitle (self->imported_row, date != NULL ? _ ("Prices are as of the file. Import a newer one when they change.") : "");
}

static void
show_rest (HeddlePreferencesPrices *self,
           guint n_found)
{
  guint rest = n_found > MAX_ROWS ? n_found - MAX_ROWS : 0;
  g_autofree char *text = NULL;

  if (n_found == 0)
    {
      add_note (self, _ ("No price is known here. Import a list, or set one above."));
      return;
    }
  if (rest == 0)
    return;
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more. Type a part of its name to find it.", "%u more. Type a part of a name to find one.", rest), rest);
  add_note (self, text);
}

static void
reload (HeddlePreferencesPrices *self)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *wanted = NULL;
  guint n_found = 0;

  if (self->known == NULL)
    return;
  entries = heddle_prices_list (self->prices);
  wanted = heddle_preferences_dup_text (self->search);
  heddle_preferences_remove_rows (self->known, self->rows);
  for (int imported = 0; imported <= 1; imported++)
    {
      for (guint i = 0; i < entries->len; i++)
        {
          const HeddlePriceEntry *entry = g_ptr_array_index (entries, i);

          if (entry->imported == imported && (wanted[0] == '\0' || strstr (entry->name, wanted) != NULL) && n_found++ < MAX_ROWS)
            add_row (self, entry);
        }
    }
  show_rest (self, n_found);
  show_imported (self);
}

static gboolean
read_price (HeddlePreferencesPrices *self,
            GtkEditable *editable,
            gint64 *price)
{
  if (heddle_price_from_text (gtk_editable_get_text (editable), price))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (editable), "error");
      return TRUE;
    }
  gtk_widget_add_css_class (GTK_WIDGET (editable), "error");
  heddle_preferences_tell (self, _ ("A price is a number of US dollars for a million tokens, such as 0.15."));
  return FALSE;
}

static void
clear_entries (HeddlePreferencesPrices *self)
{
  gtk_editable_set_text (self->name, "");
  gtk_editable_set_text (self->input, "");
  gtk_editable_set_text (self->cache_read, "");
  gtk_editable_set_text (self->output, "");
}

static void
set_cb (HeddlePreferencesPrices *self)
{
  g_autofree char *name = heddle_preferences_dup_text (self->name);
  g_autoptr (GError) error = NULL;
  HeddlePrice price;

  heddle_prices_lookup (self->prices, name, NULL, &price);
  if (!read_price (self, self->input, &price.base.input) || !read_price (self, self->cache_read, &price.base.cache_read) ||
      !read_price (self, self->output, &price.base.output))
    return;
  if (!heddle_prices_set (self->prices, name, &price, &error))
    {
      heddle_preferences_tell (self, error->message);
      return;
    }
  clear_entries (self);
  reload (self);
}

static void
import_thread (GTask *task,
               gpointer source,
               gpointer data,
               GCancellable *cancellable)
{
  HeddlePreferencesPrices *self = source;
  g_autofree char *text = NULL;
  GError *error = NULL;
  gsize length;
  guint n;

  if (!g_file_load_contents (data, NULL, &text, &length, NULL, &error) || !heddle_prices_import (self->prices, text, length, &n, &error))
    g_task_return_error (task, error);
  else
    g_task_return_int (task, n);
}

static void
imported_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  HeddlePreferencesPrices *self = HEDDLE_PREFERENCES_PRICES (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  gssize n = g_task_propagate_int (G_TASK (result), &error);

  if (error != NULL)
    message = g_strdup (error->message);
  else
    message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Imported the price of %u model", "Imported the prices of %u models", n), (guint) n);
  heddle_preferences_tell (self, message);
  reload (self);
}

static void
chosen_cb (HeddlePreferencesPrices *self,
           int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GTask) task = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  task = g_task_new (self, NULL, imported_cb, NULL);
  g_task_set_task_data (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)), g_object_unref);
  g_task_run_in_thread (task, import_thread);
}

static void
import_cb (HeddlePreferencesPrices *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("JSON files"));
  gtk_file_filter_add_pattern (filter, "*.json");
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Import Prices"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"), _ ("_Cancel"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

GtkWidget *
heddle_preferences_prices_new (const HeddleServices *services)
{
  HeddlePreferencesPrices *self = g_object_new (HEDDLE_TYPE_PREFERENCES_PRICES, NULL);

  self->prices = g_object_ref (heddle_models_get_prices (services->models));
  g_signal_connect (self, "map", G_CALLBACK (reload), NULL);
  return GTK_WIDGET (self);
}

static void
heddle_preferences_prices_dispose (GObject *object)
{
  HeddlePreferencesPrices *self = HEDDLE_PREFERENCES_PRICES (object);

  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), HEDDLE_TYPE_PREFERENCES_PRICES);
  G_OBJECT_CLASS (heddle_preferences_prices_parent_class)->dispose (object);
}

static void
heddle_preferences_prices_finalize (GObject *object)
{
  HeddlePreferencesPrices *self = HEDDLE_PREFERENCES_PRICES (object);

  g_clear_object (&self->prices);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (heddle_preferences_prices_parent_class)->finalize (object);
}

static void
heddle_preferences_prices_class_init (HeddlePreferencesPricesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_preferences_prices_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_preferences_prices_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-preferences-prices.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, imported);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, imported_row);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, name);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, input);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, cache_read);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, output);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, known);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesPrices, search);
  gtk_widget_class_bind_template_callback (widget_class, reload);
  gtk_widget_class_bind_template_callback (widget_class, set_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
}

static void
heddle_preferences_prices_init (HeddlePreferencesPrices *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
