/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-completion.h"

#include <string.h>

#define HEDDLE_TYPE_PROPOSAL (heddle_proposal_get_type ())
G_DECLARE_FINAL_TYPE (HeddleProposal, heddle_proposal, HEDDLE, PROPOSAL, GObject)

/* One name to insert. */
struct _HeddleProposal
{
  GObject parent_instance;

  char *name;
};

struct _HeddleCompletion
{
  GObject parent_instance;

  HeddleTemplateViewMode mode;
  const HeddleParamContext *context;
};

static void completion_provider_init (GtkSourceCompletionProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HeddleProposal, heddle_proposal, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROPOSAL, NULL))
G_DEFINE_FINAL_TYPE_WITH_CODE (HeddleCompletion, heddle_completion, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROVIDER, completion_provider_init))

static void
heddle_proposal_finalize (GObject *object)
{
  g_free (HEDDLE_PROPOSAL (object)->name);
  G_OBJECT_CLASS (heddle_proposal_parent_class)->finalize (object);
}

static void
heddle_proposal_class_init (HeddleProposalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_proposal_finalize;
}

static void
heddle_proposal_init (HeddleProposal *self)
{
}

/* The reference before the cursor: "$router.us" → root "router", path "", word "us". NULL when there is none. */
static char *
dup_reference (const GtkTextIter *cursor)
{
  GtkTextIter start = *cursor;

  while (gtk_text_iter_backward_char (&start))
    {
      gunichar c = gtk_text_iter_get_char (&start);

      if (c == '$')
        return gtk_text_iter_get_slice (&start, cursor);
      if (!g_unichar_isalnum (c) && c != '_' && c != '.' && c != '?')
        return NULL;
    }
  return NULL;
}

static gboolean
in_expression (HeddleCompletion *self,
               const GtkTextIter *cursor)
{
  GtkTextIter start = *cursor;
  g_autofree char *before = NULL;
  const char *open;

  if (self->mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION)
    return TRUE;
  gtk_text_buffer_get_start_iter (gtk_text_iter_get_buffer (cursor), &start);
  before = gtk_text_iter_get_slice (&start, cursor);
  open = g_strrstr (before, "{{");
  return open != NULL && strstr (open, "}}") == NULL;
}

static GListModel *
list_proposals (HeddleCompletion *self,
                const char *reference)
{
  GListStore *store = g_list_store_new (HEDDLE_TYPE_PROPOSAL);
  HeddleGraph *graph = heddle_document_get_graph (self->context->document);
  const char *last_dot = strrchr (reference, '.');
  g_autofree char *word = g_strdup (last_dot != NULL ? last_dot + 1 : reference + 1);
  g_autoptr (GPtrArray) names = NULL;

  if (last_dot == NULL)
    names = heddle_completion_list_roots (graph, self->context->node_id);
  else
    {
      g_autofree char *whole = g_strndup (reference + 1, last_dot - reference - 1);
      char *path = strchr (whole, '.');

      g_strdelimit (whole, "?", '.');
      if (path != NULL)
        *path++ = '\0';
      names = heddle_completion_list_members (graph, self->context->trace, whole, path != NULL ? path : "");
    }
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (HeddleProposal) proposal = NULL;

      if (!g_str_has_prefix (g_ptr_array_index (names, i), word))
        continue;
      proposal = g_object_new (HEDDLE_TYPE_PROPOSAL, NULL);
      proposal->name = g_strdup (g_ptr_array_index (names, i));
      g_list_store_append (store, proposal);
    }
  return G_LIST_MODEL (store);
}

static GListModel *
populate (HeddleCompletion *self,
          GtkSourceCompletionContext *context)
{
  g_autofree char *reference = NULL;
  GtkTextIter start, cursor;

  gtk_source_completion_context_get_bounds (context, &start, &cursor);
  reference = dup_reference (&cursor);
  if (reference == NULL || !in_expression (self, &cursor))
    return G_LIST_MODEL (g_list_store_new (HEDDLE_TYPE_PROPOSAL));
  return list_proposals (self, reference);
}

static void
heddle_completion_populate_async (GtkSourceCompletionProvider *provider,
                                  GtkSourceCompletionContext *context,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, user_data);

  g_task_set_source_tag (task, heddle_completion_populate_async);
  g_task_return_pointer (task, populate (HEDDLE_COMPLETION (provider), context), g_object_unref);
}

static GListModel *
heddle_completion_populate_finish (GtkSourceCompletionProvider *provider,
                                   GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
heddle_completion_refilter (GtkSourceCompletionProvider *provider,
                            GtkSourceCompletionContext *context,
                            GListModel *model)
{
  g_autoptr (GListModel) fresh = populate (HEDDLE_COMPLETION (provider), context);

  gtk_source_completion_context_set_proposals_for_provider (context, provider, fresh);
}

static gboolean
heddle_completion_is_trigger (GtkSourceCompletionProvider *provider,
                              const GtkTextIter *iter,
                              gunichar c)
{
  return c == '$' || c == '.';
}

static void
heddle_completion_display (GtkSourceCompletionProvider *provider,
                           GtkSourceCompletionContext *context,
                           GtkSourceCompletionProposal *proposal,
                           GtkSourceCompletionCell *cell)
{
  if (gtk_source_completion_cell_get_column (cell) == GTK_SOURCE_COMPLETION_COLUMN_TYPED_TEXT)
    gtk_source_completion_cell_set_text (cell, HEDDLE_PROPOSAL (proposal)->name);
}

static void
heddle_completion_activate (GtkSourceCompletionProvider *provider,
                            GtkSourceCompletionContext *context,
                            GtkSourceCompletionProposal *proposal)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (context));
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (buffer, &end, gtk_text_buffer_get_insert (buffer));
  start = end;
  while (gtk_text_iter_backward_char (&start))
    {
      gunichar c = gtk_text_iter_get_char (&start);

      if (g_unichar_isalnum (c) || c == '_')
        continue;
      gtk_text_iter_forward_char (&start);
      break;
    }
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, HEDDLE_PROPOSAL (proposal)->name, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static void
completion_provider_init (GtkSourceCompletionProviderInterface *iface)
{
  iface->populate_async = heddle_completion_populate_async;
  iface->populate_finish = heddle_completion_populate_finish;
  iface->refilter = heddle_completion_refilter;
  iface->is_trigger = heddle_completion_is_trigger;
  iface->display = heddle_completion_display;
  iface->activate = heddle_completion_activate;
}

GtkSourceCompletionProvider *
heddle_completion_new (HeddleTemplateViewMode mode,
                       const HeddleParamContext *context)
{
  HeddleCompletion *self = g_object_new (HEDDLE_TYPE_COMPLETION, NULL);

  self->mode = mode;
  self->context = context;
  return GTK_SOURCE_COMPLETION_PROVIDER (self);
}

static void
heddle_completion_class_init (HeddleCompletionClass *klass)
{
}

static void
heddle_completion_init (HeddleCompletion *self)
{
}
