/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sandbox/heddle-sandbox-private.h"

#include "heddle-error.h"
#include "sandbox/heddle-process-output.h"
#include "value/heddle-json.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>

#define MAX_RESULT_BYTES (16 * 1024 * 1024)

/* One call. It ends when the process and its three pipes have. */
typedef struct
{
  GSubprocess *process;
  GByteArray *out;
  GByteArray *err;
  GByteArray *reply;
  guint n_open;
  guint memory_mb;
  guint timeout_ms;
  gint64 started;
  GSource *timeout;
  gulong cancel_handler;
  GError *ended_by; /* the limit that ended it */
} Call;

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  clear_source (&call->timeout);
  g_clear_object (&call->process);
  g_byte_array_unref (call->out);
  g_byte_array_unref (call->err);
  g_byte_array_unref (call->reply);
  g_clear_error (&call->ended_by);
  g_free (call);
}

void
heddle_sandbox_result_free (HeddleSandboxResult *result)
{
  if (result == NULL)
    return;
  g_clear_pointer (&result->value, json_node_unref);
  g_clear_error (&result->error);
  g_free (result->out);
  g_free (result->err);
  g_free (result);
}

static char *
take_text (GByteArray *bytes)
{
  return bytes->len > 0 ? g_utf8_make_valid ((const char *) bytes->data, bytes->len) : g_strdup ("");
}

static GError *
create_memory_error (guint memory_mb)
{
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The code was ended: it crashed, or it used more than %u MB of memory."), memory_mb);

  heddle_error_set_hint (error, _ ("Let it work on less at once, or raise the memory limit of the node."));
  return error;
}

/* What a person meets who expects a whole computer. */
static gboolean
is_refusal (const char *message)
{
  return strstr (message, "PermissionError") != NULL || strstr (message, "FileNotFoundError") != NULL;
}

/* {"message","line"} as the code's own side tells it. */
static GError *
create_code_error (Call *call, JsonNode *reply)
{
  JsonNode *record = heddle_json_member (reply, "error");
  const char *message = heddle_json_get_string (record, "message", _ ("It did not say why."));
  gint64 line = heddle_json_get_int (record, "line", 0);
  GError *error;

  if (strstr (message, "MemoryError") != NULL)
    return create_memory_error (call->memory_mb);
  if (line > 0)
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Line %d of the code: %s"), (int) line, message);
  else
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The code failed: %s"), message);
  if (is_refusal (message))
    heddle_error_set_hint (error, _ ("Code here reaches no network, no files but those it writes itself, and no other programs. Bring data in through its input."));
  return error;
}

/* bubblewrap tells on its standard error why it could not make the sandbox. */
static GError *
create_sandbox_error (const char *err)
{
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("The code was not run, because this system does not allow a sandbox: %s"), err);

  heddle_error_set_hint (error, _ ("Allow unprivileged user namespaces, or run the code elsewhere and call it with an HTTP node."));
  return error;
}

static GError *
explain_silence (Call *call, const char *err)
{
  gboolean has_exited = g_subprocess_get_if_exited (call->process);
  int status = has_exited ? g_subprocess_get_exit_status (call->process) : -1;

  if (g_str_has_prefix (err, "bwrap: "))
    return create_sandbox_error (err + strlen ("bwrap: "));
  /* bubblewrap hands on the signal that ended what it ran as 128 and more. */
  if (!has_exited || status > 128 || strstr (err, "MemoryError") != NULL)
    return create_memory_error (call->memory_mb);
  return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The code ended its own process with status %d instead of returning a value."), status);
}

static JsonNode *
read_reply (Call *call, const char *err, GError **error)
{
  g_autoptr (JsonNode) reply = NULL;
  JsonNode *value;

  if (call->ended_by != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&call->ended_by));
      return NULL;
    }
  if (call->reply->len == 0)
    {
      g_propagate_error (error, explain_silence (call, err));
      return NULL;
    }
  reply = heddle_json_parse ((const char *) call->reply->data, call->reply->len, error);
  if (reply == NULL)
    return NULL;
  value = heddle_json_member (reply, "value");
  if (value == NULL)
    g_propagate_error (error, create_code_error (call, reply));
  return value != NULL ? json_node_ref (value) : NULL;
}

static void
finish (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  HeddleSandboxResult *result;

  clear_source (&call->timeout);
  g_cancellable_disconnect (g_task_get_cancellable (task), call->cancel_handler);
  if (g_task_return_error_if_cancelled (task))
    return;
  result = g_new0 (HeddleSandboxResult, 1);
  result->out = take_text (call->out);
  result->err = take_text (call->err);
  result->duration_us = g_get_monotonic_time () - call->started;
  result->value = read_reply (call, result->err, &result->error);
  if (result->error != NULL && result->error->code == HEDDLE_ERROR_FAILED && result->error->domain == HEDDLE_ERROR)
    g_task_return_error (task, g_steal_pointer (&result->error));
  else
    {
      g_task_return_pointer (task, result, (GDestroyNotify) heddle_sandbox_result_free);
      return;
    }
  heddle_sandbox_result_free (result);
}

static void
close_one (gpointer data)
{
  g_autoptr (GTask) task = data;
  Call *call = g_task_get_task_data (task);

  call->n_open--;
  if (call->n_open == 0)
    finish (task);
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  close_one (user_data);
}

/* Everything inside dies with it. */
static void
end_by (Call *call, GError *error)
{
  if (call->ended_by == NULL)
    call->ended_by = error;
  else
    g_error_free (error);
  g_subprocess_force_exit (call->process);
}

static void
over_output (gpointer data)
{
  Call *call = g_task_get_task_data (data);

  end_by (call, g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The code wrote more than %d KB and was ended. Return a value instead of printing it."),
                             HEDDLE_SANDBOX_MAX_OUTPUT / 1024));
}

static void
over_reply (gpointer data)
{
  Call *call = g_task_get_task_data (data);

  end_by (call, g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The code returned more than %d MB and was ended."), MAX_RESULT_BYTES / 1024 / 1024));
}

static gboolean
timeout_cb (gpointer data)
{
  Call *call = g_task_get_task_data (data);
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The code took more than %g seconds and was ended."), call->timeout_ms / 1000.0);

  heddle_error_set_hint (error, _ ("Look for a loop without an end, or raise the time limit of the node."));
  g_clear_pointer (&call->timeout, g_source_unref);
  end_by (call, error);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_subprocess_force_exit (data);
}

static void
read_pipe (GTask *task, GInputStream *stream, GByteArray *bytes, gsize max_bytes, void (*over) (gpointer))
{
  Call *call = g_task_get_task_data (task);
  HeddleProcessOutput output = {
    .stream = stream,
    .bytes = bytes,
    .max_bytes = max_bytes,
    .over = over,
    .done = close_one,
    .user_data = g_object_ref (task),
  };

  call->n_open++;
  heddle_process_output_read (&output);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  /* Code that ends without reading its input closes the pipe, which is its own affair. */
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_output_stream_close_async (G_OUTPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static GBytes *
create_stdin (const HeddleSandboxRequest *request)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  char *text;

  json_object_set_member (object, "code", heddle_json_string (request->code));
  json_object_set_member (object, "input", request->input != NULL ? json_node_ref (request->input) : heddle_json_null ());
  json_object_set_member (object, "data", request->data != NULL ? json_node_ref (request->data) : heddle_json_null ());
  node = heddle_json_object (object);
  text = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
  return g_bytes_new_take (text, strlen (text));
}

static void
watch (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  call->timeout = g_timeout_source_new (call->timeout_ms);
  g_source_set_static_name (call->timeout, "heddle-sandbox");
  g_source_set_callback (call->timeout, timeout_cb, task, NULL);
  g_source_attach (call->timeout, g_task_get_context (task));
  call->n_open++;
  g_subprocess_wait_async (call->process, NULL, waited_cb, g_object_ref (task));
  if (cancellable != NULL)
    call->cancel_handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (call->process), g_object_unref);
}

static void
send_stdin (GTask *task, const HeddleSandboxRequest *request)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = create_stdin (request);

  /* The task owns what is written until it is. */
  g_object_set_data_full (G_OBJECT (task), "heddle-stdin", g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (call->process), g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, NULL, written_cb, g_object_ref (task));
}

static GSubprocess *
spawn (const HeddleSandboxRequest *request, int reply_fd, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_auto (GStrv) command = heddle_sandbox_create_command (request->language, request->memory_mb, request->timeout_ms, error);
  int filter_fd = command != NULL ? heddle_sandbox_open_filter (error) : -1;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_take_fd (launcher, reply_fd, HEDDLE_SANDBOX_RESULT_FD);
  if (filter_fd < 0)
    return NULL;
  g_subprocess_launcher_take_fd (launcher, filter_fd, HEDDLE_SANDBOX_FILTER_FD);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) command, error);
}

static gboolean
start (GTask *task, const HeddleSandboxRequest *request, GError **error)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (GInputStream) reply = NULL;
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return FALSE;
  reply = g_unix_input_stream_new (fds[0], TRUE);
  call->process = spawn (request, fds[1], error);
  if (call->process == NULL)
    return FALSE;
  watch (task);
  read_pipe (task, g_subprocess_get_stdout_pipe (call->process), call->out, HEDDLE_SANDBOX_MAX_OUTPUT, over_output);
  read_pipe (task, g_subprocess_get_stderr_pipe (call->process), call->err, HEDDLE_SANDBOX_MAX_OUTPUT, over_output);
  read_pipe (task, reply, call->reply, MAX_RESULT_BYTES, over_reply);
  send_stdin (task, request);
  return TRUE;
}

void
heddle_sandbox_run_async (const HeddleSandboxRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);
  GError *error = NULL;

  g_return_if_fail (request != NULL && request->code != NULL);

  g_task_set_source_tag (task, heddle_sandbox_run_async);
  g_task_set_task_data (task, call, call_free);
  call->out = g_byte_array_new ();
  call->err = g_byte_array_new ();
  call->reply = g_byte_array_new ();
  call->memory_mb = request->memory_mb;
  call->timeout_ms = request->timeout_ms;
  call->started = g_get_monotonic_time ();
  if (!start (task, request, &error))
    g_task_return_error (task, error);
}

HeddleSandboxResult *
heddle_sandbox_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
