/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "palette/heddle-node-search.h"

#include "common/heddle-list-keys.h"
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
  GPtrArray *recent; /* ids of types and templates, latest first */
  HeddleNodeFilter filter;
  gpointer filter_data;
  HeddleTemplateList *templates; /* or NULL */
  HeddleTemplateFilter template_filter;
};

enum
{
  NODE_CHOSEN,
  TEMPLATE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleNodeSearch, heddle_node_search, GTK_TYPE_POPOVER)

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

static const char *
row_id (GtkListBoxRow *row)
{
  return row_template (row) != NULL ? row_template (row)->id : row_type (row)->id;
}

/* Asked once each time it opens: a template is read for it. */
static gboolean
row_fits (GtkListBoxRow *row)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "heddle-fits"));
}

static GtkWidget *
summary_new (const char *text)
{
  GtkWidget *summary = heddle_label_new (text, "caption");

  gtk_label_set_ellipsize (GTK_LABEL (summary), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (summary), 36);
  gtk_widget_add_css_class (summary, "dim-label");
  return summary;
}

static GtkWidget *
row_new (const HeddleNodeType *type,
         const char *title,
         const char *summary)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = heddle_label_new (title, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (labels), label);
  gtk_box_append (GTK_BOX (labels), summary_new (summary));
  gtk_box_append (GTK_BOX (box), heddle_palette_icon_new (type));
  gtk_box_append (GTK_BOX (box), labels);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  return row;
}

static GtkWidget *
type_row_new (const HeddleNodeType *type)
{
  GtkWidget *row = row_new (type, _ (type->title), _ (type->summary));

  g_object_set_data (G_OBJECT (row), "heddle-node-type", (gpointer) type);
  return row;
}

static GtkWidget *
template_row_new (const HeddleTemplateInfo *info)
{
  const HeddleNodeType *type = info->type != NULL ? heddle_registry_lookup (info->type) : NULL;
  /* Translators: under the name of a template: what it is, and what the person wrote about it. */
  g_autofree char *summary = *info->description != '\0' ? g_strdup_printf (_ ("Template: %s"), info->description) : g_strdup (_ ("Template"));
  GtkWidget *row = row_new (type, info->name, summary);

  g_object_set_data_full (G_OBJECT (row), "heddle-template", heddle_template_info_copy (info), (GDestroyNotify) heddle_template_info_free);
  return row;
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer user_data)
{
  HeddleNodeSearch *self = user_data;
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (!row_fits (row))
    return FALSE;
  return row_template (row) != NULL ? heddle_template_match (row_template (row), search) : heddle_node_match (row_type (row), search);
}

static void
update_fits (HeddleNodeSearch *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      gboolean fits = row_template (row) != NULL ? self->template_filter (row_template (row), self->filter_data)
                                                 : self->filter (row_type (row), self->filter_data);

      g_object_set_data (G_OBJECT (row), "heddle-fits", GINT_TO_POINTER (fits));
    }
}

static guint
recent_rank (HeddleNodeSearch *self,
             GtkListBoxRow *row)
{
  guint rank;

  if (g_ptr_array_find_with_equal_func (self->recent, row_id (row), g_str_equal, &rank))
    return rank;
  return MAX_RECENT;
}

static guint
match_rank (GtkListBoxRow *row,
            const char *search)
{
  return row_template (row) != NULL ? heddle_template_match_rank (row_template (row), search) : heddle_node_match_rank (row_type (row), search);
}

/* The nearest first; without a search, or where it tells nothing apart, the latest first, then templates. */
static int
sort_cb (GtkListBoxRow *a,
         GtkListBoxRow *b,
         gpointer user_data)
{
  HeddleNodeSearch *self = user_data;
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  int nearer = (int) match_rank (a, search) - (int) match_rank (b, search);
  int later = (int) recent_rank (self, a) - (int) recent_rank (self, b);

  if (nearer != 0)
    return nearer;
  if (later != 0)
    return later;
  return (row_template (a) == NULL) - (row_template (b) == NULL);
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
          const char *id)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (self->recent, id, g_str_equal, &index))
    g_ptr_array_remove_index (self->recent, index);
  g_ptr_array_insert (self->recent, 0, g_strdup (id));
  if (self->recent->len > MAX_RECENT)
    g_ptr_array_set_size (self->recent, MAX_RECENT);
}

static void
choose (HeddleNodeSearch *self,
        GtkListBoxRow *row)
{
  g_autofree char *id = g_strdup (row_id (row));

  remember (self, id);
  g_signal_emit (self, signals[row_template (row) != NULL ? TEMPLATE_CHOSEN : NODE_CHOSEN], 0, id);
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
  update_fits (self);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_sort (self->list);
  gtk_list_box_select_row (self->list, first_match (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
templates_changed_cb (HeddleNodeSearch *self)
{
  GPtrArray *templates = heddle_template_list_get_all (self->templates);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL;)
    if (row_template (row) != NULL)
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
    else
      i++;
  for (guint i = 0; i < templates->len; i++)
    gtk_list_box_append (self->list, template_row_new (templates->pdata[i]));
  update_fits (self);
  gtk_list_box_invalidate_filter (self->list);
}

void
heddle_node_search_set_templates (HeddleNodeSearch *self,
                                  HeddleTemplateList *templates,
                                  HeddleTemplateFilter filter)
{
  g_return_if_fail (HEDDLE_IS_NODE_SEARCH (self));
  g_return_if_fail (HEDDLE_IS_TEMPLATE_LIST (templates));
  g_return_if_fail (self->templates == NULL);

  self->templates = g_object_ref (templates);
  self->template_filter = filter;
  g_signal_connect_object (templates, "changed", G_CALLBACK (templates_changed_cb), self, G_CONNECT_SWAPPED);
  templates_changed_cb (self);
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
  g_clear_object (&HEDDLE_NODE_SEARCH (object)->templates);
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
  signals[TEMPLATE_CHOSEN] = g_signal_new ("template-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
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
    gtk_list_box_append (self->list, type_row_new (types[i]));
  gtk_list_box_set_sort_func (self->list, sort_cb, self, NULL);
  heddle_list_keys_install (self->list, GTK_WIDGET (self->search));
}
