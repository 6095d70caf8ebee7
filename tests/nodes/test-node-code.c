/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  const char *name;
  const char *code;
  const char *expected; /* JSON of the result, or a part of the error */
  int error;            /* HeddleError, or -1: none */
  int memory;           /* 0: as by default */
} Case;

static HeddlePlan *
create_plan (const char *language, const Case *c, int timeout)
{
  g_autoptr (JsonNode) spec = heddle_harness_json ("{\"params\":{},\"inputs\":{\"in\":{\"n\":[1,2,3],\"text\":\"grüße \\\"}}`${1}\"}}}");
  g_autoptr (JsonNode) copy = json_node_copy (spec);
  JsonObject *params = json_object_get_object_member (json_node_get_object (copy), "params");

  json_object_set_string_member (params, "language", language);
  json_object_set_string_member (params, "code", c->code);
  json_object_set_int_member (params, "timeout", timeout);
  if (c->memory > 0)
    json_object_set_int_member (params, "memory", c->memory);
  return heddle_harness_plan_node (heddle_registry_lookup ("code"), copy);
}

static void
run_case (const char *language, const Case *c)
{
  gboolean is_endless = strstr (c->expected, "seconds") != NULL;
  g_autoptr (HeddleHarnessResult) result = heddle_harness_run_plan (create_plan (language, c, is_endless ? 1 : 30), NULL, NULL);

  g_test_message ("%s %s", language, c->name);
  if (c->error < 0)
    {
      g_assert_no_error (result->error);
      heddle_harness_assert_json (result->output, c->expected);
      return;
    }
  g_assert_error (result->error, HEDDLE_ERROR, c->error);
  if (strstr (result->error->message, c->expected) == NULL)
    g_error ("“%s” does not mention “%s”", result->error->message, c->expected);
}

static const Case javascript[] = {
  { "expression", "input.n.map (x => x * 2)", "[2,4,6]", -1 },
  { "statements", "const sum = input.n.reduce ((a, b) => a + b);\nreturn { sum }", "{\"sum\":6}", -1 },
  { "asynchronous", "const x = await Promise.resolve (5); return x", "5", -1 },
  { "nothing", "console.log (1)", "null", -1 },
  { "text", "input.text", "\"grüße \\\"}}`${1}\"", -1 },
  { "closing what we wrap it in", "return 1 }); (function () {", "closes a brace", HEDDLE_ERROR_INVALID },
  { "thrown", "\nthrow new Error ('bad')", "Line 2 of the code: Error: bad", HEDDLE_ERROR_INVALID },
  { "syntax", "return +", "code", HEDDLE_ERROR_INVALID },
  { "no JSON", "1n", "BigInt", HEDDLE_ERROR_INVALID },
  { "circle", "const a = {}; a.a = a; return a", "cyclic", HEDDLE_ERROR_INVALID },
  { "never settled", "await new Promise (() => {})", "never settled", HEDDLE_ERROR_INVALID },
  { "endless recursion", "(function f () { f () }) ()", "stack", HEDDLE_ERROR_INVALID },
  { "endless loop", "while (true);", "more than 1 seconds", HEDDLE_ERROR_LIMIT },
  { "memory bomb", "const a = []; while (true) a.push (new Array (100000).fill (1.5))", "256 MB", HEDDLE_ERROR_LIMIT, 256 },
  { "output of 1 GB", "for (let i = 0; i < 1000; i++) console.log ('x'.repeat (1e6))", "1024 KB", HEDDLE_ERROR_LIMIT },
  { "result too large", "'x'.repeat (2e7)", "16 MB", HEDDLE_ERROR_LIMIT },
  { "no files", "typeof require + typeof process + typeof Deno", "\"undefinedundefinedundefined\"", -1 },
};

static const Case python[] = {
  { "expression", "[x * 2 for x in input['n']]", "[2,4,6]", -1 },
  { "statements", "total = sum(input['n'])\nreturn {'sum': total}", "{\"sum\":6}", -1 },
  { "text", "s = '''\n  kept\n'''\ninput['text'] + s", "\"grüße \\\"}}`${1}\\n  kept\\n\"", -1 },
  { "nothing", "print(1)", "null", -1 },
  { "raised", "x = 1\nraise ValueError('bad')", "Line 2 of the code: ValueError: bad", HEDDLE_ERROR_INVALID },
  { "syntax", "return 1 +", "Line 1 of the code: SyntaxError", HEDDLE_ERROR_INVALID },
  { "no JSON", "object()", "not JSON serializable", HEDDLE_ERROR_INVALID },
  { "not a number", "float('nan')", "JSON", HEDDLE_ERROR_INVALID },
  { "exit", "import sys\nsys.exit(3)", "SystemExit", HEDDLE_ERROR_INVALID },
  { "sudden exit", "import os\nos._exit(3)", "status 3", HEDDLE_ERROR_INVALID },
  { "half a reply", "import os\nos.write(3, b'{\"value\":')\nos._exit(0)", "JSON", HEDDLE_ERROR_INVALID },
  { "endless loop", "while True: pass", "more than 1 seconds", HEDDLE_ERROR_LIMIT },
  { "memory bomb", "a = []\nwhile True: a.append('x' * 10**6 + str(len(a)))", "256 MB", HEDDLE_ERROR_LIMIT, 256 },
  { "shared memory", "import mmap\nmmap.mmap(-1, 2**31)", "Cannot allocate", HEDDLE_ERROR_INVALID },
  { "fork bomb", "import os\nwhile True: os.fork()", "not permitted", HEDDLE_ERROR_INVALID },
  { "other programs", "import subprocess\nsubprocess.run(['/usr/bin/id'])", "not permitted", HEDDLE_ERROR_INVALID },
  { "reading home", "import os\nopen(os.path.expanduser('~root/.profile')).read()", "No such file", HEDDLE_ERROR_INVALID },
  { "listing files", "import os\nsorted(os.listdir('/'))", "[\"bin\",\"dev\",\"etc\",\"lib\",\"lib64\",\"proc\",\"tmp\",\"usr\"]", -1 },
  { "processes", "import os\nlen([p for p in os.listdir('/proc') if p.isdigit()]) < 5", "true", -1 },
  { "environment", "import os\n[k for k in os.environ if k not in ('HOME', 'LANG', 'LC_CTYPE', 'PWD')]", "[]", -1 },
  { "a socket", "import socket\nsocket.create_connection(('127.0.0.1', 80))", "not permitted", HEDDLE_ERROR_INVALID },
  { "writing outside", "open('/usr/x', 'w')", "Read-only", HEDDLE_ERROR_INVALID },
  { "scratch folder", "open('a', 'w').write('b')\nopen('/tmp/a').read()", "\"b\"", -1 },
  { "filling the disk", "open('a', 'wb').write(bytes(10**8))", "File too large", HEDDLE_ERROR_INVALID },
  { "output of 1 GB", "import sys\nfor i in range(1000): sys.stderr.write('x' * 10**6)", "1024 KB", HEDDLE_ERROR_LIMIT },
  { "killing", "import os\nos.kill(os.getpid(), 9)", "crashed", HEDDLE_ERROR_LIMIT },
};

static void
test_javascript (gconstpointer data)
{
  if (heddle_harness_has_sandbox ())
    run_case ("javascript", data);
}

static void
test_python (gconstpointer data)
{
  if (heddle_harness_has_sandbox ())
    run_case ("python", data);
}

/* What is printed is in the trace, also of code that fails. */
static void
test_output (void)
{
  const Case c = { "output", "import sys\nprint('out')\nprint('err', file=sys.stderr)\nraise ValueError", "", 0 };
  g_autoptr (HeddleHarnessResult) result = heddle_harness_run_plan (create_plan ("python", &c, 5), NULL, NULL);
  const HeddleEvent *span = heddle_harness_find (result, HEDDLE_EVENT_SPAN_FINISHED, "node");

  if (!heddle_harness_has_sandbox ())
    return;
  g_assert_nonnull (span);
  g_assert_cmpstr (heddle_json_get_string (span->data, "stdout", NULL), ==, "out\n");
  g_assert_cmpstr (heddle_json_get_string (span->data, "stderr", NULL), ==, "err\n");
}

/* Data is a value: what it says cannot become code. */
static void
test_data (void)
{
  static const char json[] =
    "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"W\",\"nodes\":["
    "{\"id\":\"start\",\"type\":\"input\"},"
    "{\"id\":\"code\",\"type\":\"code\",\"params\":{\"code\":\"return [data.n, data.text]\",\"data\":{\"n\":\"{{ [1, 2] }}\",\"text\":\"{{ $start.message }}\"}}}],"
    "\"edges\":[{\"from\":\"start\",\"to\":\"code\"}]}";
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (!heddle_harness_has_sandbox ())
    return;
  result = heddle_harness_run_workflow (json, NULL, "{\"message\":\"'; throw 1; //{{ 1 + 1 }}\"}");

  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "[[1,2],\"'; throw 1; //{{ 1 + 1 }}\"]");
}

static void
test_cancel (void)
{
  const Case c = { "cancel", "while True: pass", "", 0 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&(HeddleEngineServices){ 0 });
  g_autoptr (HeddlePlan) plan = create_plan ("python", &c, 60);
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (!heddle_harness_has_sandbox ())
    return;
  heddle_harness_wait_for (run, HEDDLE_EVENT_SPAN_STARTED);
  heddle_run_cancel (run);
  result = heddle_harness_wait (run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
}

/* Without its means the code is refused, not run in the open. */
static void
test_refused (void)
{
  const Case c = { "refused", "1", "bubblewrap", HEDDLE_ERROR_FAILED };
  g_autofree char *path = g_strdup (g_getenv ("PATH"));

  g_setenv ("PATH", "/nonexistent", TRUE);
  run_case ("javascript", &c);
  g_setenv ("PATH", path, TRUE);
}

/* A sandbox that cannot be made is a reason too. */
static void
test_not_allowed (void)
{
  const Case c = { "not allowed", "1", "No permissions to create", HEDDLE_ERROR_FAILED };
  g_autofree char *directory = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (directory, "bwrap", NULL);
  g_autofree char *old_path = g_strdup (g_getenv ("PATH"));
  g_autofree char *path = g_strdup_printf ("%s:%s", directory, old_path);

  g_assert_true (g_file_set_contents_full (program, "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n", -1, 0, 0755, NULL));
  g_setenv ("PATH", path, TRUE);
  run_case ("javascript", &c);
  g_setenv ("PATH", old_path, TRUE);
  g_unlink (program);
  g_rmdir (directory);
}

static void
add_cases (const char *language, const Case *cases, guint n_cases, GTestDataFunc func)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/node-code/%s/%s", language, cases[i].name);

      g_test_add_data_func (g_strdelimit (path, " ", '-'), &cases[i], func);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("javascript", javascript, G_N_ELEMENTS (javascript), test_javascript);
  add_cases ("python", python, G_N_ELEMENTS (python), test_python);
  g_test_add_func ("/node-code/output", test_output);
  g_test_add_func ("/node-code/data", test_data);
  g_test_add_func ("/node-code/cancel", test_cancel);
  g_test_add_func ("/node-code/refused", test_refused);
  g_test_add_func ("/node-code/not-allowed", test_not_allowed);
  return g_test_run ();
}
