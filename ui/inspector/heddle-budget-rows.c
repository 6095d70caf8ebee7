/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-budget-rows.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *member;
  const char *title;
} limits[] = {
  { "cost", N_ ("Cost in US Dollars") },
  { "tokens", N_ ("Tokens") },
  { "seconds", N_ ("Seconds") },
  { "steps", N_ ("Steps (empty: 10,000)") },
};

struct _HeddleBudgetRows
{
  GtkWidget parent_instance;

  GtkWidget *group;
  GtkWidget *rows[G_N_ELEMENTS (limits)];
  HeddleDocument *document;
  HeddleModels *models;
};

G_DEFINE_FINAL_TYPE (HeddleBudgetRows, heddle_budget_rows, GTK_TYPE_WIDGET)

static JsonNode *
get_budget (HeddleBudgetRows *self)
{
  return json_object_get_member (heddle_graph_get_settings (heddle_document_get_graph (self->document)), "budget");
}

static char *
dup_limit (JsonNode *budget,
           const char *member)
{
  JsonNode *value = heddle_json_member (budget, member);

  return value != NULL ? heddle_json_to_display (value) : g_strdup ("");
}

static void
show_estimate (HeddleBudgetRows *self)
{
  g_autofree char *estimated = NULL;
  g_autofree char *text = NULL;
  HeddleEstimate estimate = { 0 };

  if (self->models != NULL)
    {
      estimate = heddle_estimate_graph (heddle_document_get_graph (self->document), self->models);
      estimated = heddle_estimate_to_text (&estimate);
    }
  text = g_strjoin (" ", _ ("A run stops when it has used more than this."), estimated, NULL);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group), text);
}

static void
update (HeddleBudgetRows *self)
{
  if (self->document == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *text = dup_limit (get_budget (self), limits[i].member);

      heddle_editable_set_text (GTK_EDITABLE (self->rows[i]), text);
      gtk_widget_remove_css_class (self->rows[i], "error");
    }
  show_estimate (self);
}

/* FALSE: it is no limit. *value NULL: none is wanted. */
static gboolean
read_limit (const char *member,
            const char *text,
            JsonNode **value)
{
  g_autofree char *number = g_strstrip (g_strdup (text));
  gint64 money;
  guint64 count;

  *value = NULL;
  if (number[0] == '\0')
    return TRUE;
  if (strcmp (member, "cost") == 0)
    {
      if (!heddle_money_parse (number, &money))
        return FALSE;
      *value = heddle_json_double (heddle_money_to_usd (money));
      return TRUE;
    }
  if (!g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT32, &count, NULL))
    return FALSE;
  *value = heddle_json_int (count);
  return TRUE;
}

static JsonNode *
change_budget (JsonNode *budget,
               const char *member,
               JsonNode *value)
{
  JsonObject *object = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *old;

  if (budget != NULL && JSON_NODE_HOLDS_OBJECT (budget))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (budget));
      while (json_object_iter_next_ordered (&iter, &name, &old))
        json_object_set_member (object, name, json_node_ref (old));
    }
  if (value != NULL)
    json_object_set_member (object, member, value);
  else
    json_object_remove_member (object, member);
  return heddle_json_object (object);
}

static void
apply_cb (HeddleBudgetRows *self,
          AdwEntryRow *row)
{
  const char *member = g_object_get_data (G_OBJECT (row), "heddle-member");
  g_autoptr (JsonNode) budget = NULL;
  JsonNode *value;

  if (self->document == NULL)
    return;
  if (!read_limit (member, gtk_editable_get_text (GTK_EDITABLE (row)), &value))
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      gtk_widget_set_tooltip_text (GTK_WIDGET (row), _ ("Type a number of zero or more, or nothing for no limit."));
      return;
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), NULL);
  budget = change_budget (get_budget (self), member, value);
  heddle_document_set_setting (self->document, "budget", _ ("Change Budget"), json_object_get_size (json_node_get_object (budget)) > 0 ? budget : NULL);
}

void
heddle_budget_rows_set_document (HeddleBudgetRows *self,
                                 HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_BUDGET_ROWS (self));

  if (self->document == document)
    return;
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document != NULL)
    g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
heddle_budget_rows_set_models (HeddleBudgetRows *self,
                               HeddleModels *models)
{
  g_return_if_fail (HEDDLE_IS_BUDGET_ROWS (self));

  if (g_set_object (&self->models, models))
    update (self);
}

GtkWidget *
heddle_budget_rows_new (void)
{
  return g_object_new (HEDDLE_TYPE_BUDGET_ROWS, NULL);
}

static void
heddle_budget_rows_dispose (GObject *object)
{
  HeddleBudgetRows *self = HEDDLE_BUDGET_ROWS (object);

  heddle_budget_rows_set_document (self, NULL);
  g_clear_object (&self->models);
  g_clear_pointer (&self->group, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_budget_rows_parent_class)->dispose (object);
}

static void
heddle_budget_rows_class_init (HeddleBudgetRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_budget_rows_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_budget_rows_init (HeddleBudgetRows *self)
{
  self->group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group), _ ("Budget"));
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      self->rows[i] = adw_entry_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[i]), _ (limits[i].title));
      adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->rows[i]), TRUE);
      g_object_set_data (G_OBJECT (self->rows[i]), "heddle-member", (gpointer) limits[i].member);
      g_signal_connect_object (self->rows[i], "apply", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->rows[i]);
    }
  gtk_widget_set_parent (self->group, GTK_WIDGET (self));
  g_signal_connect_after (self, "map", G_CALLBACK (update), NULL);
}
