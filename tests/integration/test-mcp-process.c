/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "heddle-error.h"
#include "mcp-fixture.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

/* A server that is a process, in all the ways that it may misbehave. */

static Fixture *
rude_new (const char *modes)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "mcp", "rude-server.py", NULL);
  g_autofree char *command = g_strdup_printf ("/usr/bin/python3 -B %s %s", script, modes);
  g_auto (GStrv) words = g_strsplit (command, " ", -1);

  return fixture_new_process ((const char *const *) words);
}

static void
test_echo (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");

  fixture_assert_call (fixture, "echo", "{\"text\":\"grüße\\n\"}", "\"grüße\\n\"");
  fixture_assert_described (fixture, "protocol_version", "2025-11-25");
  fixture_assert_described (fixture, "era", "legacy");
  fixture_assert_described (fixture, "server_name", "rude");
}

static void
assert_call_fails (Fixture *fixture, const char *tool, GQuark domain, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, tool, NULL, &error);

  g_assert_null (result);
  g_assert_error (error, domain, code);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” is not in “%s”", message, error->message);
}

/* Messages before the answer to "initialize", and kinds that nobody knows. */
static void
test_early (void)
{
  g_autoptr (Fixture) fixture = rude_new ("early");

  fixture_assert_call (fixture, "echo", "{\"text\":\"x\"}", "\"x\"");
}

static void
test_probe_refused_oddly (void)
{
  g_autoptr (Fixture) fixture = rude_new ("odd");

  fixture_assert_call (fixture, "echo", "{\"text\":\"x\"}", "\"x\"");
}

/* It is started once more, and asked in the old way. */
static void
test_probe_kills (void)
{
  g_autoptr (Fixture) fixture = rude_new ("dies");

  fixture_assert_call (fixture, "echo", "{\"text\":\"x\"}", "\"x\"");
}

static void
test_ancient (void)
{
  g_autoptr (Fixture) fixture = rude_new ("ancient");
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_open (fixture, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, "1999-01-01"));
}

static void
test_garbage (void)
{
  g_autoptr (Fixture) fixture = rude_new ("garbage batch");

  fixture_assert_call (fixture, "echo", "{\"text\":\"x\"}", "\"x\"");
  fixture_assert_log (fixture, "Welcome to my server!");
  fixture_assert_log (fixture, "no message of the protocol");
}

static void
test_huge_line (void)
{
  g_autoptr (Fixture) fixture = rude_new ("huge");

  fixture_assert_call (fixture, "echo", "{\"text\":\"x\"}", "\"x\"");
  fixture_assert_log (fixture, "16 MiB");
}

static void
test_flood (void)
{
  g_autoptr (Fixture) fixture = rude_new ("flood");
  g_autofree char *log = NULL;

  fixture_assert_call (fixture, "echo", "{\"text\":\"x\"}", "\"x\"");
  fixture_assert_log (fixture, "complaint 19999");
  fixture_assert_log (fixture, "no end of line");
  log = heddle_mcp_client_dup_log (fixture->client);
  g_assert_cmpuint (strlen (log), <, 100 * 1024);
}

static void
test_crash (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "crash", NULL, &error);

  g_assert_null (result);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, "status 3"));
  g_assert_nonnull (strstr (heddle_error_detail (error)->hint, "It is all too much."));
  /* The next use starts it again. */
  fixture_assert_call (fixture, "echo", "{\"text\":\"again\"}", "\"again\"");
}

static void
test_stall (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");

  fixture->info->timeout = 1;
  assert_call_fails (fixture, "stall", HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, "did not answer");
  /* The server was told, and goes on. */
  fixture_assert_call (fixture, "cancelled", NULL, "\"[4]\"");
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = NULL;

  g_assert_true (fixture_open (fixture, &error));
  /* It never answers. */
  result = fixture_call_cancelled (fixture, "stall", NULL, 0, 100, &error);
  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_assert_call (fixture, "cancelled", NULL, "\"[4]\"");
}

static void
test_progress (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");

  fixture_assert_call (fixture, "slow", NULL, "\"done\"");
  fixture_assert_progress (fixture, 4);
}

/* A tool that failed says so itself; a request that was refused is an error. */
static void
test_errors (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "fail", NULL, NULL);
  g_autofree char *text = heddle_mcp_result_to_text (result);

  g_assert_true (result->is_error);
  g_assert_cmpstr (text, ==, "The disk is full.");
  assert_call_fails (fixture, "refuse", HEDDLE_ERROR, HEDDLE_ERROR_BAD_REQUEST, "There is something wrong with that.");
  assert_call_fails (fixture, "nothing", HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, "has no tool");
}

static void
test_structure (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");

  fixture_assert_call (fixture, "count", NULL, "{\"count\":7}");
  assert_call_fails (fixture, "lie", HEDDLE_ERROR, HEDDLE_ERROR_SERVER, "does not have the form");
}

static void
test_content (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "mixed", NULL, NULL);
  g_autoptr (JsonNode) value = heddle_mcp_result_to_value (result);
  g_autofree char *text = heddle_mcp_result_to_text (result);
  JsonArray *parts = json_node_get_array (value);

  g_assert_cmpuint (json_array_get_length (parts), ==, 6);
  g_assert_cmpstr (heddle_json_get_string (json_array_get_element (parts, 1), "mime", NULL), ==, "image/png");
  g_assert_true (g_str_has_prefix (heddle_json_get_string (json_array_get_element (parts, 1), "data", ""), "iVBOR"));
  g_assert_cmpstr (heddle_json_get_string (json_array_get_element (parts, 3), "text", NULL), ==, "inside");
  g_assert_cmpstr (heddle_json_get_string (json_array_get_element (parts, 4), "uri", NULL), ==, "demo://two");
  g_assert_cmpstr (heddle_json_get_string (json_array_get_element (parts, 5), "type", NULL), ==, "hologram");
  g_assert_nonnull (strstr (text, "[image image/png"));
  g_assert_null (strstr (text, "iVBOR"));
}

static void
test_pages (void)
{
  g_autoptr (Fixture) fixture = rude_new ("pages");
  g_autofree char *names = fixture_list (fixture, NULL);

  g_assert_true (g_str_has_prefix (names, "echo, crash, stall, "));
  g_assert_true (g_str_has_suffix (names, ", cancelled"));
}

static void
test_circle (void)
{
  g_autoptr (Fixture) fixture = rude_new ("circle");
  g_autofree char *names = fixture_list (fixture, NULL);

  g_assert_cmpstr (names, ==, "echo");
  fixture_assert_log (fixture, "does not come to an end");
}

static void
test_change (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autofree char *before = fixture_list (fixture, NULL);
  g_autofree char *after = NULL;

  fixture_assert_call (fixture, "change", NULL, "\"changed\"");
  after = fixture_list (fixture, NULL);
  g_assert_null (strstr (before, "new"));
  g_assert_true (g_str_has_suffix (after, ", new"));
}

/* A server may ask, too: ping is answered, what we do not offer is refused. */
static void
test_asks (void)
{
  g_autoptr (Fixture) fixture = rude_new ("ask");

  fixture_assert_call (fixture, "ask", NULL, "\"[\\\"ok\\\", -32601, -32601, -32601]\"");
  fixture_assert_log (fixture, "sampling/createMessage");
}

static void
test_environment (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autoptr (HeddleMcpResult) result = NULL;
  g_autofree char *text = NULL;

  g_setenv ("HEDDLE_TEST_PRIVATE", "not for servers", TRUE);
  heddle_mcp_server_info_add_variable (fixture->info, "FOR_THE_SERVER", "a value; $HOME `id`", NULL);
  result = fixture_call (fixture, "environment", NULL, NULL);
  text = heddle_mcp_result_to_text (result);
  g_assert_nonnull (strstr (text, "\"FOR_THE_SERVER\": \"a value; $HOME `id`\""));
  g_assert_nonnull (strstr (text, "\"PATH\""));
  g_assert_null (strstr (text, "HEDDLE_TEST_PRIVATE"));
}

/* What a credential puts into the environment comes back as dots, whatever the server does with it. */
static void
test_secret (void)
{
  g_autoptr (Fixture) fixture = rude_new ("");
  g_autoptr (HeddleSecrets) secrets = NULL;
  g_autoptr (HeddleMcpServers) servers = NULL;
  g_autoptr (HeddleMcpResult) result = NULL;
  g_autofree char *text = NULL;

  g_setenv ("HEDDLE_CREDENTIAL_CANARY", "canary-7f3a9", TRUE);
  secrets = heddle_secrets_new (NULL);
  servers = heddle_mcp_servers_new (NULL, secrets);
  heddle_mcp_server_info_add_variable (fixture->info, "TOKEN", NULL, "canary");
  fixture->client = heddle_mcp_servers_try (servers, fixture->info, fixture->http);
  result = fixture_call (fixture, "environment", NULL, NULL);
  text = heddle_mcp_result_to_text (result);
  g_assert_nonnull (strstr (text, "\"TOKEN\": \"•••\""));
  g_assert_null (strstr (text, "canary-7f3a9"));
  g_assert_finalize_object (g_steal_pointer (&fixture->client));
  heddle_mcp_servers_shutdown (servers);
}

static void
test_no_program (void)
{
  static const char *const command[] = { "/nowhere/heddle-no-such-server", NULL };
  g_autoptr (Fixture) fixture = fixture_new_process (command);
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_open (fixture, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

/* No shell comes between: what would be a second command is an argument. */
static void
test_no_shell (void)
{
  static const char *const command[] = { "/bin/echo", "hello; exit 7 | cat", NULL };
  g_autoptr (Fixture) fixture = fixture_new_process (command);
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_open (fixture, &error));
  g_assert_nonnull (strstr (error->message, "status 0"));
  fixture_assert_log (fixture, "hello; exit 7 | cat");
}

/* One that will not hear is ended all the same, and before the program is. */
static void
test_stubborn (void)
{
  g_autoptr (Fixture) fixture = rude_new ("stubborn");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "pid", NULL, &error);

  text = heddle_mcp_result_to_text (result);
  g_assert_finalize_object (g_steal_pointer (&fixture->client));
  heddle_mcp_servers_shutdown (fixture->servers);
  g_assert_cmpint (kill (atoi (text), 0), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcp/process/echo", test_echo);
  g_test_add_func ("/mcp/process/early", test_early);
  g_test_add_func ("/mcp/process/probe-refused-oddly", test_probe_refused_oddly);
  g_test_add_func ("/mcp/process/probe-kills", test_probe_kills);
  g_test_add_func ("/mcp/process/ancient", test_ancient);
  g_test_add_func ("/mcp/process/garbage", test_garbage);
  g_test_add_func ("/mcp/process/huge-line", test_huge_line);
  g_test_add_func ("/mcp/process/flood", test_flood);
  g_test_add_func ("/mcp/process/crash", test_crash);
  g_test_add_func ("/mcp/process/stall", test_stall);
  g_test_add_func ("/mcp/process/cancel", test_cancel);
  g_test_add_func ("/mcp/process/progress", test_progress);
  g_test_add_func ("/mcp/process/errors", test_errors);
  g_test_add_func ("/mcp/process/structure", test_structure);
  g_test_add_func ("/mcp/process/content", test_content);
  g_test_add_func ("/mcp/process/pages", test_pages);
  g_test_add_func ("/mcp/process/circle", test_circle);
  g_test_add_func ("/mcp/process/change", test_change);
  g_test_add_func ("/mcp/process/asks", test_asks);
  g_test_add_func ("/mcp/process/environment", test_environment);
  g_test_add_func ("/mcp/process/secret", test_secret);
  g_test_add_func ("/mcp/process/no-program", test_no_program);
  g_test_add_func ("/mcp/process/no-shell", test_no_shell);
  g_test_add_func ("/mcp/process/stubborn", test_stubborn);
  return g_test_run ();
}
