/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A server on 127.0.0.1 in threads of its own that replays recorded bytes and remembers what it was
 * sent. It knows nothing of HTTP but where a request ends, so that it can answer with anything.
 */
typedef struct _HeddleFakeServer HeddleFakeServer;

typedef enum
{
  HEDDLE_FAKE_WHOLE,  /* in one write */
  HEDDLE_FAKE_BYTES,  /* byte by byte */
  HEDDLE_FAKE_RANDOM, /* pieces of random length, the same in every run */
} HeddleFakeSplit;

HeddleFakeServer *heddle_fake_server_new (void);
void heddle_fake_server_free (HeddleFakeServer *self);
/* "http://127.0.0.1:port" and path. */
char *heddle_fake_server_dup_url (HeddleFakeServer *self, const char *path);

/* The next request that has no reply yet gets these bytes (length < 0: a string); the connection is closed behind them. */
void heddle_fake_server_push (HeddleFakeServer *self, const char *bytes, gssize length, HeddleFakeSplit split);
/* The same with a head made for body: status line, "Content-Type: type" and the length. */
void heddle_fake_server_push_body (HeddleFakeServer *self, const char *status, const char *type, const char *body);
/* A 200 event stream that ends where body ends. */
void heddle_fake_server_push_stream (HeddleFakeServer *self, const char *body, HeddleFakeSplit split);
/* Sends bytes and then holds the connection until the other side closes it. */
void heddle_fake_server_push_hanging (HeddleFakeServer *self, const char *bytes);
/* Every request without a pushed reply waits so long and then gets this JSON body; the connection is kept. */
void heddle_fake_server_set_default (HeddleFakeServer *self, guint delay_ms, const char *body);
/* Such a request gets its answer only once so many were in at the same time; after 10 s regardless. */
void heddle_fake_server_gather (HeddleFakeServer *self, guint n_parallel);

guint heddle_fake_server_count (HeddleFakeServer *self);
/* Head and body of a request, in order of arrival. */
char *heddle_fake_server_dup_request (HeddleFakeServer *self, guint index);
guint heddle_fake_server_count_connections (HeddleFakeServer *self);
/* How many requests were answered at the same time at most. */
guint heddle_fake_server_get_most_parallel (HeddleFakeServer *self);
/* When a hanging connection was seen closed: g_get_monotonic_time() of it; waits up to 5 s, 0 when it was not. */
gint64 heddle_fake_server_wait_closed (HeddleFakeServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleFakeServer, heddle_fake_server_free)

G_END_DECLS
