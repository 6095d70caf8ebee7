/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * heddle-javascript MEGABYTES: calls a person's JavaScript as a function of "input" and "data". It is started inside of
 * the sandbox of engine/sandbox. Standard input holds {"code","input","data"}; file 3 gets {"value"} or {"error"}.
 */
#include <fcntl.h>
#include <glib.h>
#include <jsc/jsc.h>
#include <string.h>
#include <unistd.h>

#define REPLY_FD 3
/* As the shell tells of a process that was killed. */
#define STATUS_KILLED 137
#define GUARD_INTERVAL_US 5000

/* What the code can use besides the language itself, and the call. A value that JSON does not have is null. */
static const char prelude[] =
  "(function (write) {\n"
  "  const show = value => typeof value === 'string' ? value : value instanceof Error ? String (value.stack || value) :\n"
  "    value === undefined ? 'undefined' : JSON.stringify (value) ?? String (value);\n"
  "  const writer = file => (...values) => write (file, values.map (show).join (' ') + '\\n');\n"
  "  const out = writer (1), err = writer (2);\n"
  "  globalThis.console = { log: out, info: out, debug: out, warn: err, error: err, trace: err };\n"
  "})";

static const char caller[] =
  "(function (main, request, reply) {\n"
  "  const describe = error => error instanceof Error ?\n"
  "    { message: `${error.name}: ${error.message}`, line: error.sourceURL === 'code' ? error.line : undefined } : { message: String (error) };\n"
  "  const fail = error => reply (JSON.stringify ({ error: describe (error) }));\n"
  "  const done = value => { try { reply (JSON.stringify ({ value: value === undefined ? null : value })); } catch (error) { fail (error); } };\n"
  "  const { input, data } = JSON.parse (request);\n"
  "  const promise = main (input, data);\n"
  "  if (promise instanceof Promise)\n"
  "    promise.then (done, fail);\n"
  "  else\n"
  "    fail (new SyntaxError ('The code closes a brace that it did not open.'));\n"
  "})";

static gboolean replied;

static void
write_all (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0)
        return;
      text += n;
      length -= n;
    }
}

static void
write_cb (double fd, const char *text)
{
  write_all ((int) fd == 2 ? 2 : 1, text, strlen (text));
}

static void
reply_cb (const char *text)
{
  replied = TRUE;
  write_all (REPLY_FD, text, strlen (text));
}

static void
reply_exception (JSCContext *context)
{
  JSCException *exception = jsc_context_get_exception (context);
  g_autoptr (JSCValue) record = jsc_value_new_object (context, NULL, NULL);
  g_autoptr (JSCValue) message = jsc_value_new_string (context, jsc_exception_get_message (exception));
  g_autoptr (JSCValue) line = jsc_value_new_number (context, jsc_exception_get_line_number (exception));
  g_autoptr (JSCValue) reply = jsc_value_new_object (context, NULL, NULL);
  g_autofree char *text = NULL;

  jsc_value_object_set_property (record, "message", message);
  jsc_value_object_set_property (record, "line", line);
  jsc_value_object_set_property (reply, "error", record);
  text = jsc_value_to_json (reply, 0);
  reply_cb (text);
}

static JSCValue *
evaluate (JSCContext *context, const char *text, const char *name)
{
  JSCValue *value = jsc_context_evaluate_with_source_uri (context, text, -1, name, 1);

  if (jsc_context_get_exception (context) == NULL)
    return value;
  g_object_unref (value);
  return NULL;
}

static void
add_console (JSCContext *context)
{
  g_autoptr (JSCValue) setup = evaluate (context, prelude, NULL);
  g_autoptr (JSCValue) writer = jsc_value_new_function (context, "write", G_CALLBACK (write_cb), NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_STRING);
  g_autoptr (JSCValue) nothing = jsc_value_function_call (setup, JSC_TYPE_VALUE, writer, G_TYPE_NONE);
}

/* One expression, or the body of a function. It begins on the first line, so that lines in errors are its own. */
static JSCValue *
compile (JSCContext *context, const char *code)
{
  g_autofree char *expression = g_strconcat ("(async function (input, data) { return (", code, "\n) })", NULL);
  g_autofree char *body = g_strconcat ("(async function (input, data) {", code, "\n})", NULL);
  JSCException *problem = NULL;
  gboolean is_expression = jsc_context_check_syntax (context, expression, -1, JSC_CHECK_SYNTAX_MODE_SCRIPT, "code", 1, &problem) == JSC_CHECK_SYNTAX_RESULT_SUCCESS;

  g_clear_object (&problem);
  return evaluate (context, is_expression ? expression : body, "code");
}

static void
call (JSCContext *context, const char *request)
{
  g_autoptr (JSCValue) record = jsc_value_new_from_json (context, request);
  g_autoptr (JSCValue) source = jsc_value_object_get_property (record, "code");
  g_autofree char *code = jsc_value_to_string (source);
  g_autoptr (JSCValue) function = compile (context, code);
  g_autoptr (JSCValue) run = evaluate (context, caller, NULL);
  g_autoptr (JSCValue) text = jsc_value_new_string (context, request);
  g_autoptr (JSCValue) reply = jsc_value_new_function (context, "reply", G_CALLBACK (reply_cb), NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_autoptr (JSCValue) nothing = NULL;

  if (function == NULL || run == NULL)
    {
      reply_exception (context);
      return;
    }
  nothing = jsc_value_function_call (run, JSC_TYPE_VALUE, function, JSC_TYPE_VALUE, text, JSC_TYPE_VALUE, reply, G_TYPE_NONE);
  if (!replied && jsc_context_get_exception (context) != NULL)
    reply_exception (context);
}

/* Pages of memory in use; 0 when that cannot be told. */
static guint64
read_resident (int fd)
{
  char text[128];
  gssize n = pread (fd, text, sizeof text - 1, 0);
  const char *second;

  if (n <= 0)
    return 0;
  text[n] = '\0';
  second = strchr (text, ' ');
  return second != NULL ? g_ascii_strtoull (second, NULL, 10) : 0;
}

/* No limit of the system fits JavaScriptCore, which reserves gigabytes of addresses: what it really uses is watched. */
static gpointer
guard_memory (gpointer data)
{
  guint64 max_pages = GPOINTER_TO_SIZE (data) * 1024 * 1024 / sysconf (_SC_PAGESIZE);
  int fd = open ("/proc/self/statm", O_RDONLY | O_CLOEXEC);

  while (fd >= 0 && read_resident (fd) <= max_pages)
    g_usleep (GUARD_INTERVAL_US);
  _exit (STATUS_KILLED);
}

static char *
read_request (void)
{
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (STDIN_FILENO);
  char *text = NULL;

  g_io_channel_set_encoding (channel, NULL, NULL);
  g_io_channel_read_to_end (channel, &text, NULL, NULL);
  return text;
}

int
main (int argc, char **argv)
{
  guint64 memory_mb = argc == 2 ? g_ascii_strtoull (argv[1], NULL, 10) : 0;
  g_autofree char *request = memory_mb > 0 ? read_request () : NULL;
  g_autoptr (JSCContext) context = NULL;

  if (request == NULL)
    return 2;
  g_thread_unref (g_thread_new ("guard", guard_memory, GSIZE_TO_POINTER (memory_mb)));
  context = jsc_context_new ();
  add_console (context);
  call (context, request);
  /* Promises that can still settle have done so by now: there are no timers to wait for. */
  if (!replied)
    reply_cb ("{\"error\":{\"message\":\"The code waits for a promise that is never settled.\"}}");
  return 0;
}
