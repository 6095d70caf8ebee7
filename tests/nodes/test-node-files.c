/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

/* Read File and Write File, as steps and as tools, with paths of hostile making. */

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("heddle-files-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_chmod (f->folder, 0700);
  remove_all (f->folder);
  g_free (f->folder);
}

static char *
path_of (Fixture *f, const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
put (Fixture *f, const char *name, const char *content, gssize length)
{
  g_autofree char *path = path_of (f, name);

  g_assert_true (g_file_set_contents (path, content, length, NULL));
}

static void
assert_content (Fixture *f, const char *name, const char *expected)
{
  g_autofree char *path = path_of (f, name);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

static guint
count_files (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* spec: JSON in which @ stands for the folder. */
static HeddleHarnessResult *
run_node (Fixture *f, const char *type, const char *spec_text)
{
  g_auto (GStrv) parts = g_strsplit (spec_text, "@", -1);
  g_autofree char *text = g_strjoinv (f->folder, parts);
  g_autoptr (JsonNode) spec = heddle_harness_json (text);
  HeddleEngineServices services = { .retry_base_ms = 1 };

  return heddle_harness_run_plan (heddle_harness_plan_node (heddle_registry_lookup (type), spec), &services, NULL);
}

static JsonNode *
result_of (const HeddleHarnessResult *result)
{
  g_assert_no_error (result->error);
  return heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node")->data, "result");
}

static void
assert_fails (Fixture *f, const char *type, const char *spec, int code, const char *word)
{
  g_autoptr (HeddleHarnessResult) result = run_node (f, type, spec);

  g_assert_error (result->error, HEDDLE_ERROR, code);
  if (strstr (result->error->message, word) == NULL)
    g_error ("\"%s\" is not in: %s", word, result->error->message);
}

static void
test_read_formats (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *content;
    gssize length;
    const char *params;
    const char *expected;
  } cases[] = {
    { "a.txt", "h\xc3\xa9\n", -1, "", "\"h\xc3\xa9\\n\"" },
    { "a.txt", "", 0, "", "\"\"" },
    { "a.txt", "\xef\xbb\xbfhi", -1, "", "\"hi\"" },
    { "a.txt", "\xff\xfeh\0i\0", 6, "", "\"hi\"" },
    { "a.txt", "caf\xe9", -1, ",\"format\":\"text\",\"encoding\":\"WINDOWS-1252\"", "\"caf\xc3\xa9\"" },
    { "a.txt", "one\r\ntwo\n\nthree", -1, ",\"format\":\"lines\"", "[\"one\",\"two\",\"\",\"three\"]" },
    { "a.txt", "", 0, ",\"format\":\"lines\"", "[]" },
    { "a.json", "{\"a\":[1,2.5]}", -1, "", "{\"a\":[1,2.5]}" },
    { "a.json", "{", -1, ",\"format\":\"text\"", "\"{\"" },
    { "a.dat", "[1]", -1, ",\"format\":\"json\"", "[1]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *spec = g_strdup_printf ("{\"params\":{\"path\":\"@/%s\"%s},\"inputs\":{\"in\":1}}", cases[i].name, cases[i].params);
      g_autoptr (HeddleHarnessResult) result = NULL;

      put (f, cases[i].name, cases[i].content, cases[i].length);
      result = run_node (f, "read-file", spec);
      heddle_harness_assert_json (heddle_json_member (result_of (result), "output"), cases[i].expected);
    }
}

static void
test_read_files (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "picture.txt", "paper", "data" };
  static const char *const contents[] = { "\x89PNG\r\n\x1a\n\x01\x02", "%PDF-1.4 text", "\xff\xfd\x01 no text" };
  static const char *const types[] = { "image/png", "application/pdf", "application/octet-stream" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *spec = g_strdup_printf ("{\"params\":{\"path\":\"%s\",\"folder\":\"@\"},\"inputs\":{\"in\":1}}", names[i]);
      g_autoptr (HeddleHarnessResult) result = NULL;
      JsonNode *output;

      put (f, names[i], contents[i], -1);
      result = run_node (f, "read-file", spec);
      output = heddle_json_member (result_of (result), "output");
      g_assert_cmpstr (heddle_json_get_string (output, "mime", ""), ==, types[i]);
      g_assert_cmpstr (heddle_json_get_string (output, "name", ""), ==, names[i]);
      g_assert_cmpint (heddle_json_get_int (result_of (result), "size", 0), ==, (gint64) strlen (contents[i]));
    }
}

static void
test_read_problems (Fixture *f, gconstpointer data)
{
  put (f, "latin", "caf\xe9", -1);
  put (f, "bad.json", "{\n \"a\": }", -1);
  put (f, "big", "0123456789", -1);
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"@/latin\",\"format\":\"text\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "no text in UTF-8");
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"@/bad.json\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "line 2");
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"@/none\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_NOT_FOUND, "none");
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"{{ $input }}\"},\"inputs\":{\"in\":\"\"}}", HEDDLE_ERROR_INVALID, "No file is named");
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"notes.txt\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "whole path");
  put (f, "large", "", 0);
  {
    g_autofree char *large = path_of (f, "large");

    g_assert_cmpint (truncate (large, 3 * 1024 * 1024), ==, 0);
  }
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"@/large\",\"max_size\":2},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_LIMIT, "larger than 2 MB");
}

static void
make_special_files (Fixture *f)
{
  g_autofree char *pipe_path = path_of (f, "pipe");
  g_autofree char *link_path = path_of (f, "link");
  g_autofree char *dangling = path_of (f, "dangling");
  g_autofree char *target = path_of (f, "target");
  g_autofree char *outside = path_of (f, "outside");
  g_autofree char *below = path_of (f, "below");

  put (f, "target", "t", -1);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_assert_cmpint (symlink (target, link_path), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (symlink ("/etc", outside), ==, 0);
  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
}

static void
test_special (Fixture *f, gconstpointer data)
{
  static const char *const types[] = { "read-file", "write-file" };

  make_special_files (f);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      assert_fails (f, types[i], "{\"params\":{\"path\":\"@/pipe\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "device, a pipe");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"@/link\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a link");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"@/dangling\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a link");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"@/below\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a folder");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"/dev/zero\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "device");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"/\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a folder");
    }
  assert_fails (f, "write-file", "{\"params\":{\"path\":\"@/pipe\",\"mode\":\"append\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "device, a pipe");
  assert_fails (f, "write-file", "{\"params\":{\"path\":\"@/link\",\"mode\":\"append\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a link");
  assert_fails (f, "read-file", "{\"params\":{\"path\":\"/proc/self/environ\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "on no disk");
  assert_content (f, "target", "t");
}

/* Nothing leads out of a folder that was named. */
static void
test_bounds (Fixture *f, gconstpointer data)
{
  static const char *const types[] = { "read-file", "write-file" };

  make_special_files (f);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      assert_fails (f, types[i], "{\"params\":{\"path\":\"../target\",\"folder\":\"@/below\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "outside");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"x/../../target\",\"folder\":\"@/below\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "outside");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"@/target\",\"folder\":\"@/below\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "outside");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"@/below-not\",\"folder\":\"@/below\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "outside");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"~/x\",\"folder\":\"@\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "outside");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"outside/passwd\",\"folder\":\"@\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a link");
      assert_fails (f, types[i], "{\"params\":{\"path\":\".\",\"folder\":\"@\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "is a folder");
      assert_fails (f, types[i], "{\"params\":{\"path\":\"target/x\",\"folder\":\"@\"},\"inputs\":{\"in\":1}}", HEDDLE_ERROR_INVALID, "no folder");
    }
}

static void
test_within (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) written = run_node (f, "write-file", "{\"params\":{\"path\":\"a/b/c.txt\",\"folder\":\"@/new\",\"make_folders\":true},\"inputs\":{\"in\":\"deep\"}}");
  g_autoptr (HeddleHarnessResult) read_back = NULL;
  g_autofree char *path = path_of (f, "new/a/b/c.txt");

  g_assert_cmpstr (heddle_json_get_string (result_of (written), "output", ""), ==, path);
  read_back = run_node (f, "read-file", "{\"params\":{\"path\":\"a/./x/../b/c.txt\",\"folder\":\"@/new\"},\"inputs\":{\"in\":1}}");
  g_assert_cmpstr (heddle_json_get_string (result_of (read_back), "output", ""), ==, "deep");
  assert_fails (f, "write-file", "{\"params\":{\"path\":\"d/c.txt\",\"folder\":\"@/new\"},\"inputs\":{\"in\":\"x\"}}", HEDDLE_ERROR_NOT_FOUND, "d/c.txt");
}

static void
test_base (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  put (f, "notes.txt", "n", -1);
  g_setenv ("HEDDLE_FOLDER", f->folder, TRUE);
  result = run_node (f, "read-file", "{\"params\":{\"path\":\"notes.txt\"},\"inputs\":{\"in\":1}}");
  g_unsetenv ("HEDDLE_FOLDER");
  g_assert_cmpstr (heddle_json_get_string (result_of (result), "output", ""), ==, "n");
}

static void
test_write_formats (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *params;
    const char *input;
    const char *expected;
  } cases[] = {
    { "", "\"text\"", "text" },
    { "", "{\"a\":1}", "{\n  \"a\": 1\n}\n" },
    { "", "{\"name\":\"x\",\"mime\":\"text/plain\",\"data\":\"aGk=\"}", "hi" },
    { ",\"format\":\"file\"", "\"aGk\"", "hi" },
    { ",\"format\":\"file\"", "\"data:text/plain,a%20b\"", "a b" },
    { ",\"format\":\"lines\"", "[\"a\",2,{\"b\":1}]", "a\n2\n{\"b\":1}\n" },
    { ",\"format\":\"text\"", "[1]", "[1]" },
    { ",\"content\":\"<{{ $input }}>\"", "\"x\"", "<x>" },
    { ",\"format\":\"json\"", "\"x\"", "\"x\"\n" },
    { "", "null", "null\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *spec = g_strdup_printf ("{\"params\":{\"path\":\"@/out\"%s},\"inputs\":{\"in\":%s}}", cases[i].params, cases[i].input);
      g_autoptr (HeddleHarnessResult) result = run_node (f, "write-file", spec);

      g_assert_cmpint (heddle_json_get_int (result_of (result), "size", -1), ==, (gint64) strlen (cases[i].expected));
      assert_content (f, "out", cases[i].expected);
    }
  g_assert_cmpuint (count_files (f), ==, 1);
}

static void
test_write_modes (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_of (f, "log");
  struct stat info;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HeddleHarnessResult) result = run_node (f, "write-file", "{\"params\":{\"path\":\"@/log\",\"mode\":\"append\"},\"inputs\":{\"in\":{\"n\":1}}}");

      g_assert_no_error (result->error);
    }
  assert_content (f, "log", "{\"n\":1}\n{\"n\":1}\n");
  assert_fails (f, "write-file", "{\"params\":{\"path\":\"@/log\",\"mode\":\"create-new\"},\"inputs\":{\"in\":\"x\"}}", HEDDLE_ERROR_FAILED, "is there already");
  assert_content (f, "log", "{\"n\":1}\n{\"n\":1}\n");
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  {
    g_autoptr (HeddleHarnessResult) replaced = run_node (f, "write-file", "{\"params\":{\"path\":\"@/log\"},\"inputs\":{\"in\":\"new\"}}");
    g_autoptr (HeddleHarnessResult) created = run_node (f, "write-file", "{\"params\":{\"path\":\"@/other\",\"mode\":\"create-new\"},\"inputs\":{\"in\":\"o\"}}");

    g_assert_no_error (replaced->error);
    g_assert_no_error (created->error);
  }
  assert_content (f, "log", "new");
  assert_content (f, "other", "o");
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (count_files (f), ==, 2);
}

static void
test_write_limit (Fixture *f, gconstpointer data)
{
  g_autofree char *much = g_strnfill (2000, 'x');
  g_autofree char *spec = g_strdup_printf ("{\"params\":{\"path\":\"@/out\",\"max_size\":0.001},\"inputs\":{\"in\":\"%s\"}}", much);

  assert_fails (f, "write-file", spec, HEDDLE_ERROR_LIMIT, "larger than");
  assert_fails (f, "write-file", "{\"params\":{\"path\":\"@/out\",\"format\":\"file\"},\"inputs\":{\"in\":\"***\"}}", HEDDLE_ERROR_INVALID, "base64");
  g_assert_cmpuint (count_files (f), ==, 0);
}

static void
test_effects (Fixture *f, gconstpointer data)
{
  const HeddleNodeType *type = heddle_registry_lookup ("write-file");
  g_autoptr (JsonNode) replace = heddle_harness_json ("{}");
  g_autoptr (JsonNode) append = heddle_harness_json ("{\"mode\":\"append\"}");
  g_autoptr (JsonNode) create = heddle_harness_json ("{\"mode\":\"create-new\"}");

  g_assert_cmpint (type->get_effect (json_node_get_object (replace)), ==, HEDDLE_EFFECT_IDEMPOTENT);
  g_assert_cmpint (type->get_effect (json_node_get_object (append)), ==, HEDDLE_EFFECT_UNSAFE);
  g_assert_cmpint (type->get_effect (json_node_get_object (create)), ==, HEDDLE_EFFECT_UNSAFE);
  g_assert_cmpint (heddle_registry_lookup ("read-file")->effect, ==, HEDDLE_EFFECT_READ);
}

#define AGENT                                                                                                                     \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"a\",\"name\":\"a\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"   \
  "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Do it.\",\"stream\":false}},"               \
  "{\"id\":\"tool\",\"type\":\"read-file\",\"params\":{\"path\":\"{{ $args.path }}\"%s}}],\"edges\":[{\"from\":\"start\",\"to\":" \
  "\"agent\"},{\"from\":\"tool\",\"to\":\"agent.tools\"}]}"

/* What the model is told of its call. */
static char *
call_tool (Fixture *f, const char *params, const char *path)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (server);
  HeddleEngineServices services = { .models = models, .retry_base_ms = 1 };
  g_autofree char *workflow = g_strdup_printf (AGENT, params);
  g_autofree char *calls = g_strdup_printf ("[{\"id\":\"c1\",\"name\":\"tool\",\"arguments\":{\"path\":\"%s\"}}]", path);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) message = NULL;

  heddle_fake_model_push_calls (server, calls);
  heddle_fake_model_push_text (server, "Done.");
  result = heddle_harness_run_workflow (workflow, &services, "{\"message\":\"hi\"}");
  g_assert_no_error (result->error);
  message = heddle_fake_model_dup_message (server, 1, -1);
  return g_strdup (heddle_json_get_string (message, "content", ""));
}

static void
test_tool (Fixture *f, gconstpointer data)
{
  g_autofree char *params = g_strdup_printf (",\"folder\":\"%s/below\"", f->folder);
  g_autofree char *inside = NULL;
  g_autofree char *above = NULL;
  g_autofree char *absolute = NULL;
  g_autofree char *unbound = NULL;

  make_special_files (f);
  put (f, "below/in.txt", "seen", -1);
  inside = call_tool (f, params, "in.txt");
  g_assert_cmpstr (inside, ==, "seen");
  above = call_tool (f, params, "../target");
  g_assert_nonnull (strstr (above, "outside"));
  absolute = call_tool (f, params, "/etc/passwd");
  g_assert_nonnull (strstr (absolute, "outside"));
  unbound = call_tool (f, "", "/etc/passwd");
  g_assert_nonnull (strstr (unbound, "names no folder"));
}

static void
assert_warns (const char *params, const char *param)
{
  g_autoptr (JsonNode) values = heddle_harness_json (params);
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();

  heddle_params_check (heddle_registry_lookup ("write-file"), json_node_get_object (values), "node", problems);
  g_assert_cmpuint (problems->len, ==, param != NULL ? 1 : 0);
  if (param != NULL)
    g_assert_cmpstr (((HeddleProblem *) problems->pdata[0])->param, ==, param);
}

static void
test_problems (Fixture *f, gconstpointer data)
{
  assert_warns ("{\"path\":\"~/{{ $input }}\"}", "folder");
  assert_warns ("{\"path\":\"{{ $input }}\",\"folder\":\"~/x\"}", NULL);
  assert_warns ("{\"path\":\"notes\"}", "path");
  assert_warns ("{\"path\":\"notes\",\"folder\":\"x\"}", "folder");
  assert_warns ("{\"path\":\"/notes\"}", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("HEDDLE_FOLDER");
#define ADD(name, func) g_test_add ("/node-files/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("read-formats", test_read_formats);
  ADD ("read-files", test_read_files);
  ADD ("read-problems", test_read_problems);
  ADD ("special", test_special);
  ADD ("bounds", test_bounds);
  ADD ("within", test_within);
  ADD ("base", test_base);
  ADD ("write-formats", test_write_formats);
  ADD ("write-modes", test_write_modes);
  ADD ("write-limit", test_write_limit);
  ADD ("effects", test_effects);
  ADD ("tool", test_tool);
  ADD ("problems", test_problems);
  return g_test_run ();
}
