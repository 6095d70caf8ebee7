/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"
#include "tool/heddle-mcp-http.h"

G_BEGIN_DECLS

struct _HeddleMcpHttp
{
  HeddleMcpTransport parent_instance;

  HeddleHttp *http;
  char *url;
  GPtrArray *headers; /* HeddleMcpSetting */
  HeddleMcpReaper *reaper;
  char *session;        /* as the server named it, or NULL */
  char *version;        /* once agreed upon, of a server of before 2026-07-28 */
  gboolean modern;      /* no sessions: letting go of a request cancels it */
  GPtrArray *exchanges; /* HeddleMcpExchange*, those under way; borrowed */
};

/* One message on its way to the server and what comes back for it; or, with no message, the server's own messages. */
typedef struct _HeddleMcpExchange HeddleMcpExchange;

/* Starts, and ends by itself. fields: further headers or NULL. */
void heddle_mcp_exchange_start (HeddleMcpHttp *owner, JsonNode *message, JsonObject *fields);
void heddle_mcp_exchange_listen (HeddleMcpHttp *owner);
gint64 heddle_mcp_exchange_get_id (HeddleMcpExchange *self);
/* It is gone afterwards, or as soon as the HTTP client is back. */
void heddle_mcp_exchange_cancel (HeddleMcpExchange *self);

/* The headers of a request: HeddleHttpHeader, zero-terminated, pointing into settings. */
GArray *heddle_mcp_settings_to_headers (GPtrArray *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
