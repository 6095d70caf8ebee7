/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-stdio.h"

#include "heddle-error.h"
#include "net/heddle-http-mask.h"
#include "value/heddle-json.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE (32 * 1024)
/* A server that does not read is not written to without end. */
#define MAX_WAITING_BYTES (64 * 1024 * 1024)
/* Between the end of the output and the exit, which come in any order. */
#define END_MS 500

/* One of the two pipes that are read. */
typedef struct
{
  GInputStream *stream;
  HeddleHttpMask *mask;
  char *buffer;
} Pipe;

struct _HeddleMcpStdio
{
  HeddleMcpTransport parent_instance;

  char *name;
  char **command;
  GPtrArray *variables; /* HeddleMcpSetting */
  HeddleMcpReaper *reaper;

  GSubprocess *process;
  pid_t group; /* which it leads */
  GCancellable *cancellable;
  Pipe output;
  Pipe errors;
  HeddleJsonRpcReader *reader;
  int input;      /* -1: closed */
  GQueue waiting; /* GBytes to be written */
  gsize n_waiting;
  gsize written; /* of the first */
  GSource *writable;
  GSource *end_timer;
  gboolean output_ended;
  gboolean errors_ended;
  gboolean exited;
};

G_DEFINE_FINAL_TYPE (HeddleMcpStdio, heddle_mcp_stdio, HEDDLE_TYPE_MCP_TRANSPORT)

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
close_input (HeddleMcpStdio *self)
{
  clear_source (&self->writable);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
  self->n_waiting = self->written = 0;
  if (self->input >= 0)
    close (self->input);
  self->input = -1;
}

static void
pipe_clear (Pipe *reading)
{
  g_clear_object (&reading->stream);
  g_clear_pointer (&reading->mask, heddle_http_mask_free);
  g_clear_pointer (&reading->buffer, g_free);
}

static void
heddle_mcp_stdio_finalize (GObject *object)
{
  HeddleMcpStdio *self = HEDDLE_MCP_STDIO (object);

  close_input (self);
  clear_source (&self->end_timer);
  pipe_clear (&self->output);
  pipe_clear (&self->errors);
  g_clear_pointer (&self->reader, heddle_json_rpc_reader_free);
  g_clear_object (&self->process);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->reaper, heddle_mcp_reaper_unref);
  g_ptr_array_unref (self->variables);
  g_strfreev (self->command);
  g_free (self->name);
  G_OBJECT_CLASS (heddle_mcp_stdio_parent_class)->finalize (object);
}

/* What went wrong with the process, with the last that it said itself. */
static GError *
end_error (HeddleMcpStdio *self)
{
  const char *last = heddle_mcp_log_get_last (heddle_mcp_transport_get_log (HEDDLE_MCP_TRANSPORT (self)));
  GError *error;

  if (self->exited && g_subprocess_get_if_signaled (self->process))
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” was ended by signal %d."), self->name,
                         g_subprocess_get_term_sig (self->process));
  else if (self->exited && g_subprocess_get_if_exited (self->process))
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” ended by itself with status %d."), self->name,
                         g_subprocess_get_exit_status (self->process));
  else
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” closed its output."), self->name);
  if (last != NULL)
    {
      g_autofree char *hint = g_strdup_printf (_ ("Its log ends with: %s"), last);

      heddle_error_set_hint (error, hint);
    }
  return error;
}

static gboolean
tell_end_cb (gpointer data)
{
  HeddleMcpStdio *self = data;
  g_autoptr (GError) error = end_error (self);

  clear_source (&self->end_timer);
  heddle_mcp_transport_tell_closed (HEDDLE_MCP_TRANSPORT (self), error);
  return G_SOURCE_REMOVE;
}

/* Told once all have ended: the output has the last answers, the exit and the log the reason. */
static void
note_end (HeddleMcpStdio *self)
{
  if (self->end_timer != NULL)
    clear_source (&self->end_timer);
  self->end_timer = g_timeout_source_new (self->output_ended && self->errors_ended && self->exited ? 0 : END_MS);
  g_source_set_callback (self->end_timer, tell_end_cb, g_object_ref (self), g_object_unref);
  g_source_attach (self->end_timer, g_main_context_get_thread_default ());
}

static void
exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleMcpStdio) self = user_data;

  if (!g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL) || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->exited = TRUE;
  note_end (self);
}

static void
take_output (const char *bytes, gsize length, gpointer user_data)
{
  HeddleMcpStdio *self = user_data;

  heddle_json_rpc_reader_feed (self->reader, bytes, length);
}

static void
take_errors (const char *bytes, gsize length, gpointer user_data)
{
  heddle_mcp_log_feed (heddle_mcp_transport_get_log (user_data), bytes, length);
}

static void
read_output_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleMcpStdio) self = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (length > 0)
    {
      heddle_http_mask_feed (self->output.mask, self->output.buffer, length, take_output, self);
      if (!g_cancellable_is_cancelled (self->cancellable))
        g_input_stream_read_async (self->output.stream, self->output.buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable, read_output_cb, g_object_ref (self));
      return;
    }
  heddle_http_mask_end (self->output.mask, take_output, self);
  heddle_json_rpc_reader_end (self->reader);
  self->output_ended = TRUE;
  note_end (self);
}

static void
read_errors_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleMcpStdio) self = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (length > 0)
    {
      heddle_http_mask_feed (self->errors.mask, self->errors.buffer, length, take_errors, self);
      g_input_stream_read_async (self->errors.stream, self->errors.buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable, read_errors_cb, g_object_ref (self));
    }
  else
    {
      heddle_http_mask_end (self->errors.mask, take_errors, self);
      self->errors_ended = TRUE;
      if (self->end_timer != NULL)
        note_end (self);
    }
}

static void
read_pipe (HeddleMcpStdio *self, Pipe *reading, GInputStream *stream, GAsyncReadyCallback callback)
{
  reading->stream = g_object_ref (stream);
  reading->buffer = g_malloc (READ_SIZE);
  reading->mask = heddle_http_mask_new ();
  for (guint i = 0; i < self->variables->len; i++)
    {
      const HeddleMcpSetting *setting = g_ptr_array_index (self->variables, i);

      if (setting->is_secret)
        heddle_http_mask_add (reading->mask, setting->value);
    }
  g_input_stream_read_async (stream, reading->buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable, callback, g_object_ref (self));
}

/* Little of our own environment is a server's business. */
static char **
create_environment (HeddleMcpStdio *self)
{
  static const char *const usual[] = { "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER" };
  char **environment = g_new0 (char *, 1);

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      if (g_getenv (usual[i]) != NULL)
        environment = g_environ_setenv (environment, usual[i], g_getenv (usual[i]), TRUE);
    }
  for (guint i = 0; i < self->variables->len; i++)
    {
      const HeddleMcpSetting *setting = g_ptr_array_index (self->variables, i);

      environment = g_environ_setenv (environment, setting->name, setting->value, TRUE);
    }
  return environment;
}

static void
wipe_environment (char **environment)
{
  for (char **entry = environment; *entry != NULL; entry++)
    explicit_bzero (*entry, strlen (*entry));
  g_strfreev (environment);
}

/* Between fork and exec. A group of its own: Ctrl+C in a terminal is ours, and its children end with it. */
static void
child_setup (gpointer data)
{
  setpgid (0, 0);
}

static GError *
spawn_error (HeddleMcpStdio *self, const GError *cause)
{
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("The MCP server “%s” could not be started: %s"), self->name, cause->message);

  heddle_error_set_hint (error, _ ("Check its command in the preferences, and that the program is installed."));
  return error;
}

static gboolean
create_input (HeddleMcpStdio *self, GSubprocessLauncher *launcher, GError **error)
{
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;
  self->input = ends[1];
  g_subprocess_launcher_take_stdin_fd (launcher, ends[0]);
  return g_unix_set_fd_nonblocking (self->input, TRUE, error);
}

static gboolean
heddle_mcp_stdio_start (HeddleMcpTransport *transport, GError **error)
{
  HeddleMcpStdio *self = HEDDLE_MCP_STDIO (transport);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  char **environment = create_environment (self);
  g_autoptr (GError) cause = NULL;
  const char *id;

  g_subprocess_launcher_set_environ (launcher, environment);
  wipe_environment (environment);
  g_subprocess_launcher_set_cwd (launcher, g_get_home_dir ());
  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  if (create_input (self, launcher, &cause))
    self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) self->command, &cause);
  if (self->process == NULL)
    {
      g_propagate_error (error, spawn_error (self, cause));
      return FALSE;
    }
  id = g_subprocess_get_identifier (self->process);
  self->group = id == NULL ? 0 : (pid_t) g_ascii_strtoll (id, NULL, 10);
  self->reader = heddle_json_rpc_reader_new (heddle_mcp_transport_get_reader_funcs (), self);
  read_pipe (self, &self->output, g_subprocess_get_stdout_pipe (self->process), read_output_cb);
  read_pipe (self, &self->errors, g_subprocess_get_stderr_pipe (self->process), read_errors_cb);
  g_subprocess_wait_async (self->process, self->cancellable, exited_cb, g_object_ref (self));
  return TRUE;
}

/* A pipe whose reader is gone would end our own process. */
static gssize
write_quietly (int fd, const char *data, gsize length)
{
  sigset_t broken, before, pending;
  gboolean was_pending;
  gssize written;
  int problem;

  sigemptyset (&broken);
  sigaddset (&broken, SIGPIPE);
  sigpending (&pending);
  was_pending = sigismember (&pending, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &broken, &before);
  written = write (fd, data, length);
  problem = errno;
  if (written < 0 && problem == EPIPE && !was_pending)
    sigtimedwait (&broken, NULL, &(struct timespec){ 0, 0 });
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = problem;
  return written;
}

/* FALSE when the pipe takes no more for now. */
static gboolean
write_some (HeddleMcpStdio *self)
{
  gsize size;
  const char *data = g_bytes_get_data (g_queue_peek_head (&self->waiting), &size);
  gssize written = write_quietly (self->input, data + self->written, size - self->written);

  if (written < 0)
    {
      /* That nobody reads is told by the end of the process. */
      if (errno != EAGAIN && errno != EINTR)
        close_input (self);
      return FALSE;
    }
  self->written += written;
  self->n_waiting -= written;
  if (self->written == size)
    {
      g_bytes_unref (g_queue_pop_head (&self->waiting));
      self->written = 0;
    }
  return TRUE;
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer data)
{
  HeddleMcpStdio *self = data;

  while (self->input >= 0 && !g_queue_is_empty (&self->waiting) && write_some (self))
    ;
  if (self->input >= 0 && g_queue_is_empty (&self->waiting))
    clear_source (&self->writable);
  return self->writable != NULL;
}

static void
expect_writable (HeddleMcpStdio *self)
{
  if (self->writable != NULL)
    return;
  self->writable = g_unix_fd_source_new (self->input, G_IO_OUT | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->writable, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->writable, g_main_context_get_thread_default ());
}

static void
heddle_mcp_stdio_send (HeddleMcpTransport *transport, JsonNode *message, JsonObject *fields)
{
  HeddleMcpStdio *self = HEDDLE_MCP_STDIO (transport);
  GString *line = g_string_new (NULL);

  heddle_json_append_text (line, message, HEDDLE_JSON_COMPACT, 0);
  g_string_append_c (line, '\n');
  if (self->input < 0 || self->n_waiting + line->len > MAX_WAITING_BYTES)
    {
      g_autoptr (GError) error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” does not read what it is sent."), self->name);

      g_string_free (line, TRUE);
      heddle_mcp_transport_tell_failed (transport, heddle_json_rpc_get_id (message), error, NULL);
      return;
    }
  self->n_waiting += line->len;
  g_queue_push_tail (&self->waiting, g_string_free_to_bytes (line));
  expect_writable (self);
}

static gboolean
heddle_mcp_stdio_forget (HeddleMcpTransport *transport, gint64 id)
{
  return FALSE;
}

static void
heddle_mcp_stdio_agree (HeddleMcpTransport *transport, const char *version, gboolean modern)
{
}

static void
heddle_mcp_stdio_close (HeddleMcpTransport *transport)
{
  HeddleMcpStdio *self = HEDDLE_MCP_STDIO (transport);

  g_cancellable_cancel (self->cancellable);
  /* What was sent last is often the word that a call was cancelled. */
  if (self->input >= 0 && !g_queue_is_empty (&self->waiting))
    writable_cb (self->input, G_IO_OUT, self);
  close_input (self);
  clear_source (&self->end_timer);
  if (self->process != NULL)
    heddle_mcp_reaper_take_process (self->reaper, g_steal_pointer (&self->process), self->group);
}

static void
heddle_mcp_stdio_class_init (HeddleMcpStdioClass *klass)
{
  HeddleMcpTransportClass *transport_class = HEDDLE_MCP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_stdio_finalize;
  transport_class->start = heddle_mcp_stdio_start;
  transport_class->send = heddle_mcp_stdio_send;
  transport_class->forget = heddle_mcp_stdio_forget;
  transport_class->agree = heddle_mcp_stdio_agree;
  transport_class->close = heddle_mcp_stdio_close;
}

static void
heddle_mcp_stdio_init (HeddleMcpStdio *self)
{
  self->cancellable = g_cancellable_new ();
  self->input = -1;
  g_queue_init (&self->waiting);
}

HeddleMcpTransport *
heddle_mcp_stdio_new (const HeddleMcpProcess *process, HeddleMcpLog *log, HeddleMcpReaper *reaper)
{
  HeddleMcpStdio *self = g_object_new (HEDDLE_TYPE_MCP_STDIO, NULL);

  self->name = g_strdup (process->name);
  self->command = g_strdupv ((char **) process->command);
  self->variables = heddle_mcp_settings_copy (process->variables);
  self->reaper = heddle_mcp_reaper_ref (reaper);
  heddle_mcp_transport_set_log (HEDDLE_MCP_TRANSPORT (self), log);
  return HEDDLE_MCP_TRANSPORT (self);
}
