/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many calls at the same time, through the engine's HTTP client and as nodes of a run; and how soon a stop closes a socket. */
#include "bench.h"
#include "bench-peer.h"

#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "net/heddle-http.h"

typedef struct
{
  HeddleHttp *http;
  guint n_done;
  guint n_failed;
} Round;

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Round *round = user_data;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (round->http, result, NULL);

  round->n_done++;
  round->n_failed += response == NULL || response->status != 200;
}

static double
call (HeddleHttp *http, const char *url, guint n_calls)
{
  HeddleHttpRequest request = { .url = url };
  Round round = { http, 0, 0 };
  gint64 started = g_get_monotonic_time ();

  for (guint i = 0; i < n_calls; i++)
    heddle_http_send_async (http, &request, NULL, sent_cb, &round);
  while (round.n_done < n_calls)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (round.n_failed, ==, 0);
  return (g_get_monotonic_time () - started) / 1e3;
}

/* The first time, when all connections have to be made, and the second. */
static void
measure_calls (const BenchCase *self)
{
  g_auto (BenchPeer) peer = { NULL };
  g_autoptr (HeddleHttp) http = heddle_http_new ();
  g_autofree char *url = NULL;

  bench_peer_start (&peer, NULL);
  url = bench_peer_dup_url (&peer, 0, "/delay");
  bench_report_more (self, "cold", call (http, url, self->n), "ms");
  bench_report (self->name, call (http, url, self->n), "ms");
}

/* Several servers, as no more than 64 requests go to one of them at the same time. */
static void
measure_nodes (const BenchCase *self)
{
  g_auto (BenchPeer) peer = { NULL };
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  HeddleEngineServices services = { .max_running = self->n };

  bench_peer_start (&peer, NULL);
  for (guint i = 0; i < self->n; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);
      g_autofree char *url = bench_peer_dup_url (&peer, i, "/delay");
      g_autofree char *params = g_strdup_printf ("{\"url\":\"%s\"}", url);

      heddle_test_nodes_add (builder, id, heddle_registry_lookup ("http"), params);
    }
  bench_report (self->name, bench_time_plan_ms (heddle_harness_finish (builder), &services), "ms");
}

/* From the call that stops the run until the server sees the connection closed. */
static void
measure_stop (const BenchCase *self)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autofree char *params = g_strdup_printf ("{\"url\":\"%s\"}", url);
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("bench", "Bench");
  g_autoptr (HeddleEngine) engine = heddle_engine_new (NULL);
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  gint64 stopped;

  heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nbegun");
  heddle_test_nodes_add (builder, "n", heddle_registry_lookup ("http"), params);
  plan = heddle_harness_finish (builder);
  run = heddle_engine_start (engine, plan, NULL, NULL);
  while (heddle_fake_server_count (server) == 0)
    g_usleep (500);
  g_usleep (20000);
  stopped = g_get_monotonic_time ();
  heddle_run_cancel (run);
  bench_report (self->name, (heddle_fake_server_wait_closed (server) - stopped) / 1e3, "ms");
  result = heddle_harness_wait (run);
}

static const BenchCase cases[] = {
  { "http-200", measure_calls, 200 },
  { "http-nodes-200", measure_nodes, 200 },
  { "stop-to-closed", measure_stop },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
