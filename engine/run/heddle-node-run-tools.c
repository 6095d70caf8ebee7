/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"
#include "run/heddle-node-tool.h"
#include "value/heddle-json.h"

/* Calls of tools, and which tools there are. */

static GError *
make_cancelled (void)
{
  return g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The call was stopped."));
}

static void
forget_call (HeddleNodeRun *self)
{
  /* Not by g_cancellable_disconnect (), which waits for the cancel that this may be part of. */
  if (self->cancel_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (self->call), self->cancel_handler);
  self->cancel_handler = 0;
  if (self->caller->calls != NULL)
    g_ptr_array_remove (self->caller->calls, self);
}

void
heddle_node_run_end_call (HeddleNodeRun *self)
{
  g_autoptr (HeddleNodeRun) alive = heddle_node_run_ref (self);
  g_autoptr (GTask) call = NULL;

  if (self->call == NULL)
    return;
  forget_call (self);
  call = g_steal_pointer (&self->call);
  if (self->scheduler != NULL)
    heddle_node_run_close_spans (self, self->scheduler, self->error);
  if (self->scheduler == NULL)
    g_task_return_error (call, make_cancelled ());
  else if (self->error != NULL)
    g_task_return_error (call, g_error_copy (self->error));
  else if (self->is_listing)
    g_task_return_pointer (call, g_steal_pointer (&self->tools), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_pointer (call, heddle_node_run_take_result (self), (GDestroyNotify) json_node_unref);
  self->scheduler = NULL;
}

/* Stops at once; the caller hears of it in a moment. */
static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  HeddleNodeRun *self = data;
  g_autoptr (GError) error = make_cancelled ();

  if (self->scheduler == NULL || self->ended)
    return;
  heddle_node_run_close_spans (self, self->scheduler, error);
  heddle_node_run_detach (self);
}

static guint
get_depth (HeddleNodeRun *self)
{
  guint depth = 0;

  for (; self->caller != NULL; self = self->caller)
    depth++;
  return depth;
}

static gboolean
check_call (HeddleNodeRun *self, GCancellable *cancellable, GError **error)
{
  if (self->scheduler == NULL || self->ended || g_cancellable_is_cancelled (cancellable))
    {
      g_propagate_error (error, make_cancelled ());
      return FALSE;
    }
  if (get_depth (self) < HEDDLE_MAX_CALL_DEPTH)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("Tools call each other more than %d levels deep. Remove one of them from the circle."),
               HEDDLE_MAX_CALL_DEPTH);
  return FALSE;
}

void
heddle_node_run_call_async (HeddleNodeRun *self, const HeddleStepCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;
  HeddleNodeRun *node_run;

  g_task_set_source_tag (task, heddle_node_run_call_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!check_call (self, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  node_run = heddle_node_run_new_call (self, call);
  node_run->call = g_steal_pointer (&task);
  if (self->calls == NULL)
    self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_node_run_unref);
  g_ptr_array_add (self->calls, node_run);
  if (cancellable != NULL)
    node_run->cancel_handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), heddle_node_run_ref (node_run), (GDestroyNotify) heddle_node_run_unref);
  heddle_node_run_start (node_run);
  if (node_run->ended && node_run->task == NULL)
    heddle_node_run_end_call (node_run);
}

JsonNode *
heddle_node_run_call_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The listing of one node's tools after another's. */
typedef struct
{
  HeddleNodeRun *run;
  GPtrArray *lists; /* GPtrArray* of HeddleTool* per tool node, or NULL while it is asked for */
  guint n_missing;
  GError *error; /* the first */
} Listing;

typedef struct
{
  GTask *task;
  guint index;
} Part;

static void
list_free (gpointer list)
{
  if (list != NULL)
    g_ptr_array_unref (list);
}

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  heddle_node_run_unref (listing->run);
  g_ptr_array_unref (listing->lists);
  g_clear_error (&listing->error);
  g_free (listing);
}

static gboolean
is_taken (GPtrArray *tools, const char *name)
{
  for (guint i = 0; i < tools->len; i++)
    {
      if (g_strcmp0 (heddle_tool_get_name (g_ptr_array_index (tools, i)), name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Two servers may each have a tool of the same name: the later one gets its node's before it. */
static void
make_unique (GPtrArray *tools, HeddleTool *tool)
{
  g_autofree char *own = g_strdup (heddle_tool_get_name (tool));

  for (guint i = 1; is_taken (tools, heddle_tool_get_name (tool)); i++)
    {
      g_autofree char *name = i == 1 ? g_strdup_printf ("%s_%s", heddle_tool_get_node (tool), own) : g_strdup_printf ("%s_%u_%s", heddle_tool_get_node (tool), i, own);

      heddle_tool_set_name (tool, name);
    }
}

static GPtrArray *
join_lists (GPtrArray *lists)
{
  GPtrArray *tools = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < lists->len; i++)
    {
      GPtrArray *list = g_ptr_array_index (lists, i);

      for (guint n = 0; n < list->len; n++)
        {
          make_unique (tools, g_ptr_array_index (list, n));
          g_ptr_array_add (tools, g_object_ref (g_ptr_array_index (list, n)));
        }
    }
  return tools;
}

static void
finish_if_complete (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);

  if (listing->n_missing > 0)
    return;
  if (listing->error != NULL)
    g_task_return_error (task, g_steal_pointer (&listing->error));
  else
    g_task_return_pointer (task, join_lists (listing->lists), (GDestroyNotify) g_ptr_array_unref);
}

static const HeddleStep *
get_tool_step (HeddleNodeRun *self, guint index)
{
  return heddle_plan_get_step (self->scope_run->plan, g_array_index (self->step->tools, guint, index));
}

/* What the workflow says of a server holds for all its tools. */
static void
apply_spec (GPtrArray *tools, const HeddleStep *step)
{
  for (guint i = 0; i < tools->len; i++)
    {
      HeddleTool *tool = g_ptr_array_index (tools, i);

      heddle_tool_set_node (tool, step->id);
      heddle_tool_apply_spec (tool, step->tool);
    }
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Part *part = user_data;
  g_autoptr (GTask) task = part->task;
  Listing *listing = g_task_get_task_data (task);
  const HeddleStep *step = get_tool_step (listing->run, part->index);
  g_autoptr (GError) error = NULL;
  GPtrArray *tools = g_task_propagate_pointer (G_TASK (result), &error);

  listing->n_missing--;
  if (tools != NULL)
    apply_spec (tools, step);
  else if (listing->error == NULL)
    g_propagate_prefixed_error (&listing->error, g_steal_pointer (&error), "%s: ", step->title);
  g_ptr_array_index (listing->lists, part->index) = tools;
  finish_if_complete (task);
}

static void
ask_for_tools (GTask *task, guint index, const HeddleStep *step)
{
  Listing *listing = g_task_get_task_data (task);
  HeddleStepCall call = { .step = step };
  Part *part = g_new (Part, 1);

  part->task = g_object_ref (task);
  part->index = index;
  listing->n_missing++;
  heddle_node_run_call_async (listing->run, &call, heddle_node_run_get_cancellable (listing->run), listed_cb, part);
}

void
heddle_node_run_list_tools_async (HeddleNodeRun *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);
  guint n_nodes;

  g_return_if_fail (self != NULL);

  n_nodes = self->step->tools->len;
  listing->run = heddle_node_run_ref (self);
  listing->lists = g_ptr_array_new_with_free_func (list_free);
  g_ptr_array_set_size (listing->lists, (int) n_nodes);
  g_task_set_source_tag (task, heddle_node_run_list_tools_async);
  g_task_set_task_data (task, listing, listing_free);
  for (guint i = 0; i < n_nodes; i++)
    {
      const HeddleStep *step = get_tool_step (self, i);

      if (step->type->list_tools != NULL)
        {
          ask_for_tools (task, i, step);
          continue;
        }
      g_ptr_array_index (listing->lists, i) = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (g_ptr_array_index (listing->lists, i), heddle_node_tool_new (self->scope_run->plan, step));
    }
  finish_if_complete (task);
}

GPtrArray *
heddle_node_run_list_tools_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
