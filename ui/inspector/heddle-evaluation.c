/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-evaluation.h"

#include "common/heddle-value-text.h"
#include "inspector/heddle-completion-source.h"
#include "inspector/heddle-data-scope.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a value's text; the rest is for the trace. */
#define MAX_SHOWN 4000
/* Reading a longer text at every pause in typing would be felt. */
#define MAX_READ (256 * 1024)

/* One evaluation on its way; the thread has it for itself. */
typedef struct
{
  HeddleExpr *expr;          /* one of the two */
  HeddleTemplate *template_; /* one of the two */
  GHashTable *roots;         /* char* → JsonNode* */
  char **names;              /* what there is, for proposals in errors */
  HeddleEvaluation *result;
} Work;

void
heddle_evaluation_free (HeddleEvaluation *self)
{
  g_free (self->text);
  g_free (self->kind);
  g_free (self->note);
  g_free (self->error);
  g_free (self);
}

static void
work_free (Work *work)
{
  g_clear_pointer (&work->expr, heddle_expr_free);
  g_clear_pointer (&work->template_, heddle_template_free);
  g_clear_pointer (&work->roots, g_hash_table_unref);
  g_clear_pointer (&work->result, heddle_evaluation_free);
  g_strfreev (work->names);
  g_free (work);
}

static JsonNode *
lookup (const char *root,
        gpointer data)
{
  return g_hash_table_lookup (((Work *) data)->roots, root);
}

static char **
list_roots (gpointer data)
{
  return g_strdupv (((Work *) data)->names);
}

static void
set_error (HeddleEvaluation *self,
           const GError *error,
           gboolean soft)
{
  self->error = g_strdup (error->message);
  self->soft = soft;
  self->line = heddle_expr_error_line (error);
  self->column = heddle_expr_error_column (error);
  self->length = 1;
}

static char *
dup_shown (JsonNode *value)
{
  g_autofree char *whole = heddle_json_is_string (value) ? g_strdup (json_node_get_string (value)) : heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  char *end;

  if (strlen (whole) <= MAX_SHOWN)
    return g_steal_pointer (&whole);
  end = g_utf8_find_prev_char (whole, whole + MAX_SHOWN);
  *end = '\0';
  return g_strconcat (whole, "…", NULL);
}

static void
evaluate_thread (GTask *task,
                 gpointer source,
                 gpointer data,
                 GCancellable *cancellable)
{
  Work *work = data;
  HeddleScope scope = { .lookup = lookup, .list_roots = list_roots, .data = work };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = NULL;

  if (work->expr != NULL)
    value = heddle_expr_evaluate (work->expr, &scope, &error);
  else
    value = heddle_template_expand (work->template_, &scope, TRUE, &error);
  if (value != NULL)
    {
      work->result->text = dup_shown (value);
      work->result->kind = heddle_value_describe (value);
    }
  else
    set_error (work->result, error, TRUE);
  g_task_return_pointer (task, g_steal_pointer (&work->result), (GDestroyNotify) heddle_evaluation_free);
}

/* Where a byte of the text is. */
static void
set_place (HeddleEvaluation *self,
           const char *text,
           guint start,
           guint end)
{
  self->line = 1;
  self->column = 1;
  for (const char *p = text; p < text + start; p = g_utf8_next_char (p))
    {
      self->line += *p == '\n';
      self->column = *p == '\n' ? 1 : self->column + 1;
    }
  self->length = MAX ((guint) g_utf8_strlen (text + start, end - start), 1);
}

static gboolean
contains (GPtrArray *names,
          const char *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}

static char *
dup_list (GPtrArray *names)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) g_ptr_array_index (names, i));
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* A result's first member that neither its type nor the run knows; what it would give is null, which nobody means. */
static char *
check_member (const HeddleParamContext *context,
              const HeddleReference *reference,
              JsonNode *value)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (context->document), reference->root);
  g_autofree char *member = g_strndup (reference->path, strcspn (reference->path, ".[("));
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *list = NULL;

  if (node == NULL || node->type == NULL || *member == '\0' || heddle_data_scope_is_around (context, node) || heddle_json_member (value, member) != NULL)
    return NULL;
  names = heddle_completion_list_declared (node);
  /* "error" is there when the node's policy lets the run go on. */
  if (contains (names, member) || g_str_equal (member, HEDDLE_ERROR_PORT))
    return NULL;
  list = dup_list (names);
  return g_strdup_printf (_ ("The result of “%s” has no “%s”. It has: %s."), heddle_node_get_title (node), member, list);
}

static const char *
note_of (const HeddleParamContext *context,
         HeddleDataSource source)
{
  switch (source)
    {
    case HEDDLE_DATA_EXAMPLE:
      return _ ("With example values. Run the workflow to see real ones.");
    case HEDDLE_DATA_PIN:
      return _ ("With a pinned output.");
    case HEDDLE_DATA_NONE:
      return context->trace == NULL ? _ ("Run the workflow to see the value.") : _ ("The run that is shown has no value for this.");
    case HEDDLE_DATA_RUN:
    case HEDDLE_DATA_UNKNOWN:
    default:
      return NULL;
    }
}

/* Collects the values that the text names; FALSE: one of them is not known, or is not there, which the result then says. */
static gboolean
collect (Work *work,
         const HeddleParamContext *context,
         GPtrArray *references,
         const char *text)
{
  HeddleDataSource worst = HEDDLE_DATA_RUN;

  for (guint i = 0; i < references->len; i++)
    {
      const HeddleReference *reference = g_ptr_array_index (references, i);
      HeddleDataSource source;
      JsonNode *value;

      if (g_str_equal (reference->root, "now"))
        continue;
      value = heddle_data_scope_dup_root (context, reference->root, &source);
      if (source == HEDDLE_DATA_UNKNOWN)
        continue;
      work->result->error = check_member (context, reference, value);
      worst = MAX (worst, source);
      g_hash_table_replace (work->roots, g_strdup (reference->root), value != NULL ? value : heddle_json_null ());
      if (work->result->error != NULL)
        {
          set_place (work->result, text, reference->start, reference->end);
          return FALSE;
        }
    }
  work->result->note = g_strdup (note_of (context, worst));
  return worst != HEDDLE_DATA_NONE;
}

static char **
list_names (const HeddleParamContext *context)
{
  g_autoptr (GPtrArray) nodes = heddle_data_scope_list_nodes (heddle_document_get_graph (context->document), context->node_id);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < nodes->len; i++)
    g_strv_builder_add (names, g_ptr_array_index (nodes, i));
  g_strv_builder_add_many (names, "input", "vars", "global", "env", "run", "now", NULL);
  return g_strv_builder_end (names);
}

/* What is wrong with a template in one of the texts of a value, at whatever depth. */
static gboolean
check_texts (JsonNode *value,
             GError **error)
{
  g_autoptr (HeddleTemplate) template_ = NULL;
  g_autoptr (GList) members = NULL;

  if (heddle_json_is_string (value))
    {
      template_ = heddle_template_compile (json_node_get_string (value), HEDDLE_ESCAPE_NONE, error);
      return template_ != NULL;
    }
  if (JSON_NODE_HOLDS_OBJECT (value))
    members = json_object_get_values (json_node_get_object (value));
  else if (JSON_NODE_HOLDS_ARRAY (value))
    members = json_array_get_elements (json_node_get_array (value));
  for (GList *l = members; l != NULL; l = l->next)
    {
      if (!check_texts (l->data, error))
        return FALSE;
    }
  return TRUE;
}

/* JSON keeps its templates within its texts. Read as it is written, an error has a place; but there quotes in an expression are escaped. */
static void
check_json (HeddleEvaluation *result,
            const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) in_text = NULL;
  g_autoptr (JsonNode) value = *text != '\0' ? heddle_json_parse (text, -1, &error) : NULL;
  g_autoptr (HeddleTemplate) template_ = NULL;

  if (value != NULL && !check_texts (value, &error))
    template_ = heddle_template_compile (text, HEDDLE_ESCAPE_NONE, &in_text);
  if (error != NULL)
    set_error (result, in_text != NULL ? in_text : error, FALSE);
  result->has_nothing = TRUE;
}

/* Compiles what is to be evaluated; NULL: there is nothing, or it is wrong, which the result says. */
static GPtrArray *
read_text (Work *work,
           const char *text,
           HeddleTemplateViewMode mode)
{
  g_autoptr (GError) error = NULL;

  if (mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION && text[strspn (text, " \t\n")] != '\0')
    work->expr = heddle_param_compile_expression (text, &error);
  else if (mode == HEDDLE_TEMPLATE_VIEW_TEXT && strstr (text, "{{") != NULL)
    work->template_ = heddle_template_compile (text, HEDDLE_ESCAPE_NONE, &error);
  else
    work->result->has_nothing = TRUE;
  if (error != NULL)
    set_error (work->result, error, FALSE);
  if (work->expr != NULL)
    return heddle_expr_list_references (work->expr);
  return work->template_ != NULL ? heddle_template_list_references (work->template_) : NULL;
}

void
heddle_evaluate_async (const HeddleParamContext *context,
                       const char *text,
                       HeddleTemplateViewMode mode,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GPtrArray) references = NULL;
  Work *work = g_new0 (Work, 1);

  g_task_set_source_tag (task, heddle_evaluate_async);
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  work->result = g_new0 (HeddleEvaluation, 1);
  work->roots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  if (strlen (text) > MAX_READ || mode == HEDDLE_TEMPLATE_VIEW_CODE || context->document == NULL || context->node_id == NULL)
    work->result->has_nothing = TRUE;
  else if (mode == HEDDLE_TEMPLATE_VIEW_JSON)
    check_json (work->result, text);
  else
    references = read_text (work, text, mode);
  if (references == NULL || !collect (work, context, references, text))
    {
      g_task_return_pointer (task, g_steal_pointer (&work->result), (GDestroyNotify) heddle_evaluation_free);
      return;
    }
  work->names = list_names (context);
  g_task_run_in_thread (task, evaluate_thread);
}

HeddleEvaluation *
heddle_evaluate_finish (GAsyncResult *result,
                        GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
